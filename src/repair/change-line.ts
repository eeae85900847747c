/** A change in one line. */
import type { Change } from '../model/fix.ts';
import { commandLine } from '../model/netns.ts';
import { shellLine } from '../words/text.ts';

/** The change as a person would type or read it. */
export const changeLine = (change: Change): string =>
  'run' in change
    ? shellLine(commandLine(change.run))
    : change.after === null
      ? `rm ${change.file}`
      : `write ${change.file}`;
