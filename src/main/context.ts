import type { Machine } from '../host/machine.ts';
import type { Screen } from './screen.ts';

/** What a command is run with. */
export interface Context {
  readonly words: readonly string[];
  /** Options by their long name in camel case, parsed and checked. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly screen: Screen;
  /** Aborted by a signal, or when nobody reads the output any more. */
  readonly signal: AbortSignal;
  /** Milliseconds since the call began, the start of the program included; absent where there was none. */
  readonly spent?: () => number;
  /**
   * The machine; loaded when first asked for, since a wrong call needs none. With --verbose it tells what it runs on
   * standard error, unless `quietly`: a drawn screen must not be written over.
   */
  machine(quietly?: 'quietly'): Promise<Machine>;
}
