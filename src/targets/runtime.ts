import type { Machine } from '../host/machine.ts';
import type { Answer } from '../model/answer.ts';
import type { Bearer } from '../model/bearer.ts';
import type { Candidate, Target } from '../model/target.ts';

/** Something that runs containers, or names namespaces. */
export interface Runtime {
  /** The prefix people type: `docker`, `netns`, `pid`. */
  readonly name: string;
  /** Is it asked when a name comes without a prefix? A pid is not. */
  readonly bare: boolean;
  /**
   * Everything of that name, id or unambiguous id prefix; empty where it has none. A Failure is thrown for what was
   * found and cannot be diagnosed (stopped, on another machine). Not known: the runtime does not answer.
   */
  find(machine: Machine, name: string): Promise<Answer<readonly Target[]>>;
  list(machine: Machine): Promise<Answer<readonly Candidate[]>>;
  /** Who has which address on the target's networks, where the runtime knows. */
  bearers?(machine: Machine, target: Target): Promise<readonly Bearer[]>;
}

export const runtime = (definition: Runtime): Runtime => definition;
