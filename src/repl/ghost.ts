/** What completion knows in a given state. */

import { ghost } from './complete.ts';
import { lineOf } from './editor.ts';
import type { Names } from './names.ts';
import { commands } from './registry.ts';
import { settingNames } from './settings.ts';
import type { State } from './state.ts';

export const namesOf = (state: State): Names => ({
  commands,
  targets: state.targets,
  causes: state.causes,
  recipes: state.recipes,
  settings: settingNames,
  last: state.last,
});

/** The grey text behind the cursor; none in the middle of a line, a search or a menu. */
export function ghostOf(state: State): string {
  if (state.editor.after !== '' || state.search !== null || state.menu !== null || state.walk !== null)
    return '';
  return ghost(lineOf(state.editor), state.history, commands, namesOf(state));
}
