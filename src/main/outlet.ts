/**
 * Where words leave the program. A pipe takes what it has room for, and Node keeps the rest until somebody reads: whoever
 * ends the program before that ends the text with it. stream.Writable.write(), its callback.
 */

/** More than this is waited for before more is made. Bytes. */
const ENOUGH = 256 * 1024;

interface Sink {
  readonly writableLength?: number;
  write(text: string, done?: (error?: Error | null) => void): unknown;
}

export class Outlet {
  readonly #sink: Sink;
  #pending = 0;
  #waiting: (() => void)[] = [];

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  write(text: string): void {
    this.#pending++;
    this.#sink.write(text, () => {
      this.#pending--;
      for (const wake of this.#waiting.splice(0)) wake();
    });
  }

  /** Resolves when there is room for more, or the signal says that nobody waits any longer. */
  ready(signal: AbortSignal): Promise<void> {
    return this.#until(() => (this.#sink.writableLength ?? 0) < ENOUGH, signal);
  }

  /** Resolves when all of it is written, or could not be; a reader that takes his time is waited for. */
  flushed(signal: AbortSignal): Promise<void> {
    return this.#until(() => this.#pending === 0, signal);
  }

  async #until(done: () => boolean, signal: AbortSignal): Promise<void> {
    while (!done() && !signal.aborted)
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve(), { once: true });
        this.#waiting.push(resolve);
      });
  }
}
