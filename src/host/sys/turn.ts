/**
 * What keeps a reader from keeping the program: one turn takes so much and no more, then everybody else has theirs, the
 * deadline and the signals among them. Strangers decide how much there is to read; they must not decide for how long.
 */

export interface Bounds {
  readonly items: number;
  readonly milliseconds: number;
}

/** Enough for every probe of a run, little enough for nobody to notice. */
const TURN: Bounds = { items: 64, milliseconds: 5 };

/**
 * Calls `take` until it says that there was nothing, at most so often and so long.
 *
 * @returns whether there may be more: the poller comes back for it after everybody else, since poll(2) tells of a
 * descriptor as long as it can be read
 */
export function turn(take: () => boolean, { items, milliseconds }: Bounds = TURN): boolean {
  const end = performance.now() + milliseconds;
  for (let taken = 0; taken < items; taken++) {
    if (!take()) return false;
    if (performance.now() >= end) return true;
  }
  return true;
}
