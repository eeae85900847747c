/** What a command of the conversation is. One file in commands/ is one command; the folder is the registry. */

import type { Question } from '../model/question.ts';
import type { Glyphs } from '../output/glyphs.ts';
import type { Line } from '../output/line/span.ts';
import type { Run } from '../output/run.ts';
import type { CaptureWish } from './capture-wish.ts';
import type { Word } from './parse.ts';
import type { Defaults, Settings } from './settings.ts';
import type { Surroundings } from './surroundings.ts';
import type { WatchManner } from './watch-wish.ts';
import type { Wish } from './wish.ts';

/** What may stand at a place of the line: a kind that is filled in live, or words. */
export type Slot =
  | 'command'
  | 'target'
  | 'hop'
  | 'cause'
  | 'recipe'
  | 'destination'
  | 'setting'
  | 'file'
  | { readonly words: readonly string[] };

/** What a command sees. */
export interface Desk {
  /** The last diagnosis that came to an end. */
  readonly last: Run | null;
  readonly target: string | null;
  /** The question asked last. */
  readonly asked: Question | null;
  readonly settings: Settings;
  /** The options of the command line, under every question. */
  readonly defaults: Defaults;
  /** Can the terminal be drawn on, or is it talked to in lines? */
  readonly draws: boolean;
  readonly columns: number;
  readonly glyphs: Glyphs;
  readonly commands: readonly Command[];
  readonly around: Surroundings;
}

/** A fix as it was asked for. */
export interface FixWish {
  /** Its number. */
  readonly fix: string;
  readonly persist: boolean;
  /** Seconds after which it is taken back unless it is kept; null: it stays. */
  readonly rollbackAfter: number | null;
}

/** What a command comes to: data, drawn and carried out by others. */
export type Outcome =
  | { readonly type: 'say'; readonly lines: readonly Line[] }
  /** The word at this place (0 is the command) is wrong; -1: something is missing. */
  | { readonly type: 'wrong'; readonly word: number; readonly message: string; readonly hint: string }
  | { readonly type: 'diagnose'; readonly wish: Wish }
  | { readonly type: 'use'; readonly target: string }
  | { readonly type: 'copy'; readonly text: string; readonly what: string }
  | { readonly type: 'set'; readonly settings: Settings; readonly lines: readonly Line[] }
  | ({ readonly type: 'fix' } & FixWish)
  | ({ readonly type: 'capture' } & CaptureWish)
  | ({ readonly type: 'watch'; readonly wish: Wish } & WatchManner)
  /** The wizard takes the terminal; null: it asks which recipe. */
  | { readonly type: 'set-up'; readonly recipe: string | null }
  | { readonly type: 'leave' };

/** What a command is about: the case in hand, this host, or netdoctor itself. */
export type Group = 'case' | 'host' | 'netdoctor';

export interface Command {
  readonly name: string;
  readonly group: Group;
  /** The arguments, as help shows them: `[target] [to HOST[:PORT]]`. */
  readonly usage: string;
  /** One line for help and completion. */
  readonly does: string;
  /** What its own help says besides. */
  readonly more?: string;
  /** What its answer waits for, and for how many seconds at most; absent: it is there at once, or must not be left. */
  readonly waits?: { readonly what: string; readonly seconds: number };
  /** What may come next, after these words of its own. */
  slots(done: readonly string[]): readonly Slot[];
  run(words: readonly Word[], desk: Desk): Outcome | Promise<Outcome>;
}

export const command = (definition: Command): Command => definition;

export const say = (lines: readonly Line[]): Outcome => ({ type: 'say', lines });

export const wrong = (word: number, message: string, hint: string): Extract<Outcome, { type: 'wrong' }> => ({
  type: 'wrong',
  word,
  message,
  hint,
});

/** Why nothing may be changed. */
export const READ_ONLY = 'This conversation was started with --read-only.';
