/**
 * Drops wait here for the names of their functions. Asking for those takes longer than a packet needs to cross the host: it
 * is done when the first packet that is followed was thrown away, or when everything is to be told.
 */
import type { TraceEvent } from './event.ts';
import type { Sample } from './sample.ts';
import { Symbols } from './symbols.ts';
import { toldNames } from './told-names.ts';

/** Drops and packets that are remembered; a host that throws away more is flooded. */
const MOST = 10_000;
/** The ordinary end of a ping: the kernel's own look-up behind a raw socket. It hurries nothing. */
const ORDINARY = 'NO_SOCKET';
/** A packet's way is told no later than this after its end. Nanoseconds. */
const LATE = 50_000_000n;

type Named = Omit<TraceEvent, 'at'>;

export class Drops {
  readonly #followed = new Set<string>();
  readonly #own: number;
  readonly #tell: (event: Named, at: bigint) => void;
  #waiting: Sample[] = [];
  /** The packets of those that hurry, once it is known that somebody follows them. */
  readonly #unclaimed = new Set<string>();
  #symbols: Symbols | undefined;
  #telling: Promise<void> | undefined;

  /** `own`: the thread that sends the probes. */
  constructor(own: number, tell: (event: Named, at: bigint) => void) {
    this.#own = own;
    this.#tell = tell;
  }

  /**
   * A packet of a followed length: its drop is wanted. Rings of several processors are read in turn, and a packet's way may
   * be told after its end.
   */
  follow(skb: string): void {
    if (this.#followed.size < MOST) this.#followed.add(skb);
    if (this.#unclaimed.delete(skb)) void this.told();
  }

  /** False where there is no room for more. */
  add(drop: Sample): boolean {
    if (this.#waiting.length >= MOST) this.#forgetBefore(drop.at - LATE);
    if (this.#waiting.length >= MOST) return false;
    this.#waiting.push(drop);
    if (drop.event.reason === ORDINARY) return true;
    if (this.#isWanted(drop)) void this.told();
    else this.#unclaimed.add(drop.event.skb);
    return true;
  }

  /** Resolves when every drop until now has been told, those that nobody follows aside. */
  async told(): Promise<void> {
    if (this.#waiting.length === 0) return this.#telling;
    this.#telling ??= this.#tellAll();
    return this.#telling;
  }

  async #tellAll(): Promise<void> {
    // What is handed over in this turn comes first.
    await new Promise((resolve) => setImmediate(resolve));
    const wanted = (): Sample[] => this.#waiting.filter((one) => this.#isWanted(one));
    for (let now = wanted(); now.length > 0; now = wanted()) {
      this.#waiting = this.#waiting.filter((one) => !this.#isWanted(one));
      this.#symbols ??= new Symbols(toldNames());
      for (const { event, address, at } of now) {
        const location = address === null ? null : await this.#symbols.nameOf(address);
        this.#tell({ ...event, location }, at);
      }
    }
    this.#telling = undefined;
  }

  /** What nobody has followed until then. */
  #forgetBefore(moment: bigint): void {
    this.#waiting = this.#waiting.filter((one) => one.at >= moment || this.#isWanted(one));
    this.#unclaimed.clear();
    for (const { event } of this.#waiting)
      if (event.reason !== ORDINARY && !this.#followed.has(event.skb)) this.#unclaimed.add(event.skb);
  }

  #isWanted({ event }: Sample): boolean {
    return event.pid === this.#own || this.#followed.has(event.skb);
  }
}
