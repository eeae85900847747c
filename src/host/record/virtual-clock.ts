/**
 * The clock of a recording: it stands while anything can still be done, and then jumps to the next moment that somebody
 * waits for. What took minutes is told again in milliseconds, and a busy machine is never late.
 */
import type { Clock } from '../clock.ts';

interface Waiting {
  /** Nanoseconds. */
  readonly due: bigint;
  readonly then: () => void;
}

/** Turns of the event loop that must pass without a call: what answers by `setImmediate` comes first. */
const TURNS = 2;

export function virtualClock(began: bigint): Clock {
  let now = began;
  /** Sooner first; of one moment, whoever asked first. */
  const waiting: Waiting[] = [];
  /** Work under way that no recording tells the end of. */
  let working = 0;
  let isTurning = false;

  const turn = (left = TURNS): void => {
    isTurning = working === 0 && waiting.length > 0;
    if (!isTurning) return;
    setImmediate(() => {
      if (left > 1) return turn(left - 1);
      jump();
    });
  };
  const jump = (): void => {
    const next = working === 0 ? waiting.shift() : undefined;
    try {
      if (next && next.due > now) now = next.due;
      next?.then();
    } finally {
      turn();
    }
  };
  const move = (): void => {
    if (!isTurning) turn();
  };

  return {
    now: () => now,
    after(milliseconds, then) {
      if (milliseconds === Number.POSITIVE_INFINITY) return () => {};
      const one: Waiting = { due: now + BigInt(Math.round(Math.max(0, milliseconds) * 1e6)), then };
      const later = waiting.findIndex(({ due }) => due > one.due);
      waiting.splice(later < 0 ? waiting.length : later, 0, one);
      move();
      return () => {
        const at = waiting.indexOf(one);
        if (at >= 0) waiting.splice(at, 1);
      };
    },
    async during(work) {
      working++;
      try {
        return await work;
      } finally {
        working--;
        move();
      }
    },
  };
}
