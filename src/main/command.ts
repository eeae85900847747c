/** What a command of the program is. One file in commands/ is one command; the folder is the registry. */
import type { Option } from 'commander';
import type { Context } from './context.ts';

export interface Command {
  readonly name: string;
  /** Its arguments, in commander's syntax: `<target>` must be there, `[cause]` may. */
  readonly takes?: string;
  /** One line for the list of commands. */
  readonly does: string;
  /** Paragraphs for its own help and the reference. */
  readonly more?: string;
  readonly examples?: readonly string[];
  /** For netdoctor's own use: left out of the list of commands. */
  readonly hidden?: boolean;
  readonly options: readonly Option[];
  /** Milliseconds that taking back may take after a signal, where it takes longer than usual. */
  readonly patience?: number;
  /** It goes on until somebody ends it: Ctrl-C is then no interruption, and its own exit code counts. */
  readonly untilInterrupted?: boolean;
  /**
   * What becomes of changes whose rollback timer is gone, before it runs: `settled` where they would be in its way, `unasked`
   * where it has nothing to do with this host's state, or is the timer. Absent: they are told.
   */
  readonly overdue?: 'settled' | 'unasked';
  /**
   * Resolves with the exit code. `commands` are all of the program, for one that tells about them.
   * @throws Failure
   */
  run(context: Context, commands: readonly Command[]): Promise<number>;
}

export const command = (definition: Command): Command => definition;
