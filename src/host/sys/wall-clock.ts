/** From the clock of the day, by which the kernel stamps frames, to the clock that never jumps: clock_gettime(2). */
import { libc } from './libc.ts';

const CLOCK_REALTIME = 0;
/** An attempt that was interrupted between its readings tells less: the shortest of so many counts. */
const ATTEMPTS = 3;
/** A stamp is of the last so many nanoseconds, and not of the time to come. */
const RECENT = 10_000_000_000n;
const AHEAD = 1_000_000n;

/** Nanoseconds from CLOCK_MONOTONIC to CLOCK_REALTIME, now. */
export function wallOffset(): bigint {
  const time = Buffer.alloc(16);
  let best: { readonly took: bigint; readonly offset: bigint } | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = process.hrtime.bigint();
    libc().clock_gettime(CLOCK_REALTIME, time);
    const took = process.hrtime.bigint() - before;
    const offset = nanoseconds(time) - (before + took / 2n);
    if (!best || took < best.took) best = { took, offset };
  }
  return best!.offset;
}

/** struct timespec */
export const nanoseconds = (time: Buffer): bigint =>
  time.readBigInt64LE(0) * 1_000_000_000n + time.readBigInt64LE(8);

/**
 * Turns stamps of CLOCK_REALTIME into nanoseconds of CLOCK_MONOTONIC. The clock may be set between a stamp and its
 * reading: it is then turned by the offset before that, and where neither gives a moment that can be, it is now.
 */
export function monotonic(offset: () => bigint = wallOffset): (stamp: bigint, now: bigint) => bigint {
  let current = offset();
  let earlier = current;
  let asked = 0n;
  return (stamp, now) => {
    if (now - asked > 1_000_000n) {
      const next = offset();
      // Slewing moves it by less: adjtimex(2).
      if (abs(next - current) > AHEAD) earlier = current;
      current = next;
      asked = now;
    }
    for (const one of [current, earlier]) {
      const at = stamp - one;
      if (at >= now - RECENT && at <= now) return at;
      // The offset is known to some hundred nanoseconds.
      if (at > now && at <= now + AHEAD) return now;
    }
    return now;
  };
}

const abs = (value: bigint): bigint => (value < 0n ? -value : value);
