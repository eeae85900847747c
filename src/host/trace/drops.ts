/**
 * Drops wait here for the names of their functions. The kernel's list of them takes longer to read than a packet needs to
 * cross the host: it is read when the first packet that is followed was thrown away, or when everything is to be told.
 */
import type { TraceEvent } from './event.ts';
import type { Sample } from './sample.ts';
import { Symbols } from './symbols.ts';

/** Drops and packets that are remembered; a host that throws away more is flooded. */
const MOST = 10_000;
/** The ordinary end of a ping: the kernel's own look-up behind a raw socket. It hurries nothing. */
const ORDINARY = 'NO_SOCKET';
/** Rings of several processors are read in turn: a packet's way may be told after its end. Milliseconds. */
const SOON = 2;

type Named = Omit<TraceEvent, 'at'>;

export class Drops {
  readonly #followed = new Set<string>();
  readonly #own: number;
  readonly #tell: (event: Named, at: bigint) => void;
  #waiting: Sample[] = [];
  #symbols: Symbols | undefined;
  #telling: Promise<void> | undefined;

  /** `own`: the thread that sends the probes. */
  constructor(own: number, tell: (event: Named, at: bigint) => void) {
    this.#own = own;
    this.#tell = tell;
  }

  /** A packet of a followed length: its drop is wanted. */
  follow(skb: string): void {
    if (this.#followed.size < MOST) this.#followed.add(skb);
  }

  /** False where there is no room for more. */
  add(drop: Sample): boolean {
    if (this.#waiting.length >= MOST) return false;
    this.#waiting.push(drop);
    if (drop.event.reason !== ORDINARY && this.#isWanted(drop)) void this.told();
    return true;
  }

  /** Resolves when every drop until now has been told, those that nobody follows aside. */
  async told(): Promise<void> {
    if (this.#waiting.length === 0) return this.#telling;
    this.#telling ??= this.#tellAll();
    return this.#telling;
  }

  async #tellAll(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, SOON));
    while (this.#waiting.some((one) => this.#isWanted(one))) {
      this.#symbols ??= new Symbols();
      const now = this.#waiting;
      this.#waiting = [];
      for (const drop of now) {
        if (!this.#isWanted(drop)) continue;
        const location = drop.address === null ? null : await this.#symbols.nameOf(drop.address);
        this.#tell({ ...drop.event, location }, drop.at);
      }
    }
    // What nobody follows is forgotten.
    this.#waiting = [];
    this.#telling = undefined;
  }

  #isWanted({ event }: Sample): boolean {
    return event.pid === this.#own || this.#followed.has(event.skb);
  }
}
