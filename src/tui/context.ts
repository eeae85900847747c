import type { Machine } from '../host/machine.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import type { Defaults, Settings } from '../repl/settings.ts';
import type { Surroundings } from '../repl/surroundings.ts';

/** What a conversation is begun with. */
export interface TuiContext {
  readonly machine: Machine;
  /** Whom to ask about; null opens the picker. */
  readonly target: string | null;
  /** The options of the call, under every question of the conversation. */
  readonly defaults: Defaults;
  /** Settings from the call that are no part of a question: `redact`. */
  readonly settings?: Settings;
  readonly colour: boolean;
  /** Ends the conversation from outside: its reason is thrown when the terminal is as it was. */
  readonly signal?: AbortSignal;
  readonly stdin?: NodeJS.ReadStream;
  readonly stdout?: NodeJS.WriteStream;
  /** Hears each verdict of the conversation. */
  readonly onDiagnosis?: (diagnosis: Diagnosis) => void;
  /** The wizard, which draws by itself and reads `stdin`; a null recipe: it asks which. @throws Failure */
  readonly setUp: (recipe: string | null, stdin: NodeJS.ReadStream) => Promise<void>;
  /** In place of the real engine and machine. */
  readonly around?: Surroundings;
}
