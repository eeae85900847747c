/** Everything the screen shows and the keys change. */

import type { Event } from '../model/event.ts';
import type { Problem } from '../model/failure.ts';
import { type Question, USUAL } from '../model/question.ts';
import type { Candidate } from '../model/target.ts';
import { type Glyphs, unicode } from '../output/glyphs.ts';
import { asciiLine } from '../output/line/ascii.ts';
import type { Line } from '../output/line/span.ts';
import type { Run } from '../output/run.ts';
import type { CaptureWish } from './capture-wish.ts';
import type { FixWish, Outcome } from './command.ts';
import type { Completion } from './complete.ts';
import { type Editor, emptyEditor } from './editor.ts';
import { emptyHistory, type History, type Walk } from './history.ts';
import type { Key } from './keys.ts';
import type { Names } from './names.ts';
import type { Defaults, Settings } from './settings.ts';
import type { WatchWish } from './watch-wish.ts';
import type { Wish } from './wish.ts';

/** Something finished: it goes to the scrollback, once. */
export interface Block {
  readonly id: number;
  readonly lines: readonly Line[];
}

export interface Menu extends Completion {
  /** The choice that stands in the line; -1: none yet. */
  readonly index: number;
  /** The word as it was typed. */
  readonly typed: string;
}

export interface Search {
  readonly query: string;
  /** Index in the history; null: nothing found. */
  readonly found: number | null;
  readonly draft: string;
}

export interface Picker {
  readonly candidates: readonly Candidate[];
  readonly index: number;
}

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export interface State {
  readonly size: Size;
  readonly glyphs: Glyphs;
  readonly editor: Editor;
  readonly history: History;
  readonly walk: Walk | null;
  readonly search: Search | null;
  readonly menu: Menu | null;
  readonly picker: Picker | null;
  /** The terminal is the wizard's, for this recipe or for a choice of one; null: it is the conversation's. */
  readonly lent: { readonly recipe: string | null } | null;
  /** A question that waits for an answer typed in a field of its own. */
  readonly field: string | null;
  /** The target of the conversation. */
  readonly target: string | null;
  /** Names that can be targets, as far as known. */
  readonly targets: readonly string[];
  /** What `setup` can build. */
  readonly recipes: Names['recipes'];
  readonly causes: Names['causes'];
  readonly settings: Settings;
  /** The options of the command line, under every question. */
  readonly defaults: Defaults;
  readonly asked: Question | null;
  /** The diagnosis that is on. */
  readonly run: Run | null;
  readonly last: Run | null;
  /** A command that is at work. */
  readonly busy: string | null;
  /** Milliseconds that the run, or the command, has taken. */
  readonly elapsed: number;
  /** Lines entered while something ran; carried out in turn. */
  readonly queue: readonly string[];
  readonly printed: readonly Block[];
  /** A row under the prompt, gone with the next key. */
  readonly notice: string | null;
  /** Ctrl-C was the key before. */
  readonly interrupted: boolean;
  readonly left: boolean;
  /** Is an entered line shown again above its answer? Where the terminal itself keeps it, it is not. */
  readonly echoes: boolean;
}

export const firstState = (size: Size, glyphs: Glyphs = unicode, defaults: Defaults = USUAL): State => ({
  defaults,
  size,
  glyphs,
  editor: emptyEditor,
  history: emptyHistory,
  walk: null,
  search: null,
  menu: null,
  picker: null,
  lent: null,
  field: null,
  target: null,
  targets: [],
  recipes: [],
  causes: [],
  settings: {},
  asked: null,
  run: null,
  last: null,
  busy: null,
  elapsed: 0,
  queue: [],
  printed: [],
  notice: null,
  interrupted: false,
  left: false,
  echoes: true,
});

/** What happens to a conversation. */
export type Input =
  | { readonly type: 'key'; readonly key: Key }
  /** A whole line, from where keys are not seen. */
  | { readonly type: 'line'; readonly line: string }
  | { readonly type: 'event'; readonly event: Event }
  /** A repair asks the question again, and has its answer. */
  | { readonly type: 'asking-again' }
  | { readonly type: 'asked-again' }
  | { readonly type: 'told'; readonly lines: readonly Line[] }
  | { readonly type: 'field'; readonly label: string }
  | { readonly type: 'answer'; readonly text: string }
  /** The run came to its end; `problem` when without a diagnosis. */
  | { readonly type: 'run-ended'; readonly problem: Problem | null }
  | { readonly type: 'ask'; readonly wish: Wish }
  /** It ends from outside. */
  | { readonly type: 'leave' }
  | { readonly type: 'outcome'; readonly line: string; readonly outcome: Outcome }
  | { readonly type: 'failed'; readonly line: string; readonly problem: Problem }
  | { readonly type: 'candidates'; readonly candidates: readonly Candidate[]; readonly pick: boolean }
  | { readonly type: 'recipes'; readonly recipes: Names['recipes'] }
  | { readonly type: 'causes'; readonly causes: Names['causes'] }
  /** The wizard is over; `problem` when it could not do what it was for. */
  | { readonly type: 'given-back'; readonly problem: Problem | null }
  | { readonly type: 'history'; readonly history: History }
  | { readonly type: 'size'; readonly size: Size }
  | { readonly type: 'elapsed'; readonly milliseconds: number };

/** What the reducer wants done; the session does it. */
export type Effect =
  | { readonly type: 'diagnose'; readonly question: Question }
  | { readonly type: 'stop' }
  | { readonly type: 'carry-out'; readonly line: string }
  | { readonly type: 'repair'; readonly wish: FixWish; readonly first: Run }
  | { readonly type: 'capture'; readonly wish: CaptureWish }
  | { readonly type: 'watch'; readonly wish: WatchWish }
  | { readonly type: 'answer'; readonly text: string }
  | { readonly type: 'look-around' }
  | { readonly type: 'keep-history'; readonly history: History }
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'suspend' }
  | { readonly type: 'clear-screen' };

export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}

export const step = (state: State, ...effects: Effect[]): Step => ({ state, effects });

/** Adds finished rows to the scrollback. */
export const printing = (state: State, lines: readonly Line[]): State =>
  lines.length === 0
    ? state
    : {
        ...state,
        printed: [
          ...state.printed,
          {
            id: (state.printed.at(-1)?.id ?? 0) + 1,
            lines: state.glyphs.ascii ? lines.map(asciiLine) : lines,
          },
        ],
      };
