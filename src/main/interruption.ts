/** Signals and closed pipes: what ends a run from outside. */

/** Why a run was ended before it was done. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  readonly exitCode: number;
  /** Does it count where the work was done all the same? A reader that went away changes no verdict. */
  readonly counts: boolean;

  constructor(why: string, exitCode: number, counts = true) {
    super(why);
    this.exitCode = exitCode;
    this.counts = counts;
  }
}

/** Exit codes: 128 and the number of the signal. */
export const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

export interface Interruptions {
  readonly signal: AbortSignal;
  /** How long taking back may take, where the usual is not enough. */
  bePatient(milliseconds: number): void;
  /** Listens no longer. */
  stop(): void;
}

/** What tells that writing has failed. */
interface Breakable {
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
}

/** Milliseconds that taking back what was armed may take, before the program ends all the same. */
const PATIENCE = 1000;

/**
 * An AbortSignal that a signal, or a reader that went away, aborts. The program then ends by itself, with everything
 * taken back; one that hangs is ended after `PATIENCE`.
 */
export function interruptions(
  process: NodeJS.Process,
  crashed: (error: unknown) => void = () => {},
  unwritten: (code: string) => void = () => {},
  outlets: readonly Breakable[] = [process.stdout, process.stderr],
): Interruptions {
  const controller = new AbortController();
  let patience = PATIENCE;
  const end = (interruption: Interruption): void => {
    if (controller.signal.aborted) return;
    controller.abort(interruption);
    setTimeout(() => process.exit(interruption.exitCode), patience).unref();
  };
  const handlers = Object.entries(SIGNALS).map(([name, code]) => {
    const handler = (): void => end(new Interruption(name, code));
    process.on(name as keyof typeof SIGNALS, handler);
    return () => process.off(name, handler);
  });
  // Node would end with code 1 here, which scripts take for a verdict, and leave armed what is armed.
  const crash = (error: unknown): void => {
    // What fails while it ends is the consequence, and says nothing new.
    if (!controller.signal.aborted) crashed(error);
    end(new Interruption('netdoctor itself failed', 3));
  };
  process.on('uncaughtException', crash);
  handlers.push(() => process.off('uncaughtException', crash));
  // `netdoctor web | head -1`: nobody reads any more, as when a terminal is hung up. Nothing is left to say to anybody.
  const broken = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') {
      // What a full disk has of a document is no document, whatever its verdict was.
      if (!controller.signal.aborted) unwritten(error.code ?? error.message);
      end(new Interruption('the output could not be written', 3));
      return;
    }
    end(new Interruption('nobody reads the output any more', SIGNALS.SIGHUP, false));
  };
  for (const outlet of outlets) outlet.on('error', broken);
  const bePatient = (milliseconds: number): void => {
    patience = milliseconds;
  };
  return { signal: controller.signal, bePatient, stop: () => handlers.forEach((off) => void off()) };
}
