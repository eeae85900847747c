/**
 * When a watch had better listen at the target's own interfaces alone. Whoever listens at a bridge or an uplink is asked about
 * each packet of everybody: where many pass, that is felt (measured: seven hundredths of what is forwarded). There all hops are
 * listened to only from the first loss on.
 */
import { loadOf } from '../engine/run/traffic.ts';
import type { Machine } from '../host/machine.ts';

/** How often it is looked how much passes. Nanoseconds. */
const LOOK = 500_000_000n;
/** Looks in a row after which much passes, and after which it does not any more. */
const MUCH = 2;
const LITTLE = 20;
/** So long after the last loss another one is expected. Nanoseconds. */
const EXPECTED = 60_000_000_000n;

export class Lightly {
  readonly #clock: Pick<Machine, 'now'>;
  readonly #isBusy: () => boolean;
  #looked: bigint;
  /** When something was lost last. */
  #lost: bigint | null = null;
  #busy = false;
  /** Looks in a row that said the other thing. */
  #against = 0;

  /** `isBusy`: did much pass since it was asked before? */
  constructor(machine: Machine, isBusy = loadOf(machine)) {
    this.#clock = machine;
    this.#isBusy = isBusy;
    this.#looked = machine.now();
  }

  lose(): void {
    this.#lost = this.#clock.now();
  }

  /** Should it listen lightly? */
  get now(): boolean {
    return this.#busy && (this.#lost === null || this.#clock.now() - this.#lost >= EXPECTED);
  }

  /** Looks how much passes, where it is time to. */
  look(): boolean {
    const now = this.#clock.now();
    if (now - this.#looked >= LOOK) {
      this.#looked = now;
      this.#against = this.#isBusy() === this.#busy ? 0 : this.#against + 1;
      if (this.#against >= (this.#busy ? LITTLE : MUCH)) {
        this.#busy = !this.#busy;
        this.#against = 0;
      }
    }
    return this.now;
  }
}
