/** What this machine lets netdoctor do. */
import { ask } from '../host/ask.ts';
import type { Machine } from '../host/machine.ts';
import { type Answer, mapAnswer } from '../model/answer.ts';
import type { Command } from '../model/netns.ts';

/** One thing that a diagnosis does where it can; tried in netdoctor's own namespace, and nothing stays of the trial. */
export interface Ability {
  /** A word for scripts: `captures`. */
  readonly name: string;
  /** What it is good for, as the end of “It …”. */
  readonly does: string;
  /** Known: it can, and what there is to say of it (a version); else why not. */
  attempt(machine: Machine): Answer<string> | Promise<Answer<string>>;
  /** What gets it, where it lacks. */
  readonly get: () => string;
}

export const ability = (definition: Ability): Ability => definition;

/** What a program says of its version: it is there, and runs. */
export const versionBy =
  (...argv: Command['argv']) =>
  async (machine: Machine): Promise<Answer<string>> =>
    mapAnswer(await ask(machine, argv), (version) => version.trim());

/** Where only root may. */
export const AS_ROOT = 'Run it as root: sudo netdoctor';
