/** A kind of guest: how a kernel is had, and how it is booted. */
import type { Kernel } from './kernels.ts';

/** A guest that has written nothing for so long does nothing any more: its kernel has been seen to wait for a timer for ever. Minutes. */
export const STILL = 4;

/** A kernel that stands in the cache. */
export interface Ready {
  /**
   * Boots it on this machine's own root, which it cannot write to, and runs `script` (bash) in it. What the script writes
   * below `$OUT` is found in `out`, with all that it said in `log`; the guest ends with it, after so many minutes, or when it stands still.
   */
  run(script: string, out: string, minutes: number): Promise<void>;
}

export interface Guest {
  readonly name: string;
  readonly about: string;
  /** Seconds that netdoctor is given for a question: a guest is several times slower than the machine it runs on. */
  readonly timeout: number;
  /** Fetches and builds what is not in the cache yet; minutes, the first time. @throws NotHad */
  ready(kernel: Kernel, tell: (what: string) => void): Promise<Ready>;
}

export const guest = (definition: Guest): Guest => definition;
