/** Time as everybody who waits for the machine takes it: what it is now, and to be called later. */

/** Takes a call back that has not been made yet. */
export type Cancel = () => void;

export interface Clock {
  /** Nanoseconds of CLOCK_MONOTONIC. */
  now(): bigint;
  /** Calls back once, so many milliseconds later. */
  after(milliseconds: number, then: () => void): Cancel;
  /** The same result: work of this process itself, which takes its own time on every machine. */
  during<T>(work: Promise<T>): Promise<T>;
}

export const realClock: Clock = {
  now: () => process.hrtime.bigint(),
  after(milliseconds, then) {
    const timer = setTimeout(then, milliseconds);
    return () => clearTimeout(timer);
  },
  during: (work) => work,
};

export const pause = (clock: Clock, milliseconds: number): Promise<void> =>
  new Promise((resolve) => void clock.after(milliseconds, resolve));

/** The same, or until the signal. */
export const pauseUnless = (clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.after(signal.aborted ? 0 : milliseconds, end);
    signal.addEventListener('abort', end, { once: true });
  });

/** What the work comes to; null where it takes longer than so many milliseconds. */
export async function within<T>(clock: Clock, milliseconds: number, work: Promise<T>): Promise<T | null> {
  let cancel: Cancel = () => {};
  const late = new Promise<null>((resolve) => {
    cancel = clock.after(milliseconds, () => resolve(null));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    cancel();
  }
}

/** Calls back again and again, until it is taken back. */
export function every(clock: Clock, milliseconds: number, then: () => void): Cancel {
  let cancel: Cancel = () => {};
  const again = (): void => {
    cancel = clock.after(milliseconds, () => {
      again();
      then();
    });
  };
  again();
  return () => cancel();
}
