/** Standard output for bytes: whoever reads them may be slow, or gone. */
import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';

export interface Pipe {
  /** Resolves when all of it is taken, or when `signal` says that nobody waits any longer; the errno name of a refusal. */
  write(bytes: Uint8Array, signal: AbortSignal): Promise<string | null>;
  close(): void;
}

/** Milliseconds until a reader that had no room is asked again. */
const AGAIN = 5;

/** A pipe is opened anew, so as never to wait in it: nobody else's end of it changes by that. */
export function standardOutput(): Pipe {
  const own = fstatSync(1).isFIFO()
    ? openSync('/proc/self/fd/1', constants.O_WRONLY | constants.O_NONBLOCK)
    : 1;
  return {
    async write(bytes, signal) {
      for (let done = 0; done < bytes.length; ) {
        try {
          done += writeSync(own, bytes, done);
        } catch (error) {
          const code = (error as NodeJS.ErrnoException).code ?? 'EIO';
          if (code !== 'EAGAIN') return code;
          if (signal.aborted) return 'EINTR';
          await new Promise((resolve) => setTimeout(resolve, AGAIN));
        }
      }
      return null;
    },
    close() {
      if (own !== 1) closeSync(own);
    },
  };
}
