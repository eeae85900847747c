/** What stands behind the capture process: one way or another of having the frames of some interfaces. */
import type { CapturePoint } from '../machine.ts';

/** What an engine tells of the hops it was given. */
export interface Told {
  armed(hop: string): void;
  failed(hop: string, because: string): void;
  /** From here on this hop tells less than there was. */
  lost(hop: string, because: string): void;
  /** What was watched is no longer what it was: nothing more can be said of any hop. */
  gone(because: string): void;
  /** `at`: nanoseconds of CLOCK_MONOTONIC; `length`: on the wire. False: no more of this hop is wanted. */
  frame(hop: string, link: string, at: bigint, length: number, bytes: Buffer): boolean;
}

export interface Engine {
  arm(points: readonly CapturePoint[], told: Told): void;
  /** Asks the kernel what was lost since the last time, and hands over what is there. */
  check(): void;
}
