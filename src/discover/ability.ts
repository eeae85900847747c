/** What this machine lets netdoctor do. */
import type { Machine } from '../host/machine.ts';
import type { Answer } from '../model/answer.ts';

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

/** Where only root may. */
export const AS_ROOT = 'Run it as root: sudo netdoctor';
