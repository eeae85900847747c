/** Packets seen at several interfaces, joined: each frame is one step of one packet's journey through this host. */
import { Pieces } from './pieces.ts';
import { type Carried, type Ends, type Print, printOf, wayOf } from './print.ts';
import type { Seen } from './spot.ts';

/** A packet at one interface; its bytes are not kept. */
export interface Step extends Pick<Seen, 'spot' | 'at' | 'direction'> {
  readonly ends: Ends | null;
  /** Where a larger packet went on in pieces: this is one of them. */
  readonly piece?: true;
}

export interface Journey {
  /** Counted from 1 in one capture: epb_packetid. */
  readonly id: bigint;
  /** In time. */
  readonly steps: readonly Step[];
}

interface Open {
  readonly id: bigint;
  readonly key: string;
  readonly steps: Step[];
  readonly carries: Carried | null;
  /** Pieces of it that were seen, each with its place. */
  pieces?: Set<string>;
}

/** A neighbour is asked for three seconds before a packet that waits for it is given up: neighbour(7). Nanoseconds. */
const LONGEST = 3_500_000_000n;
/** Journeys that may still go on; more are a flood, and the oldest is taken for ended. */
const MOST = 50_000;
/** Of one packet, its pieces at each interface among them. */
const STEPS = 512;
/** Of packets that are the same in every bit, so many are under way at once. */
const ALIKE = 64;

export class Journeys {
  readonly #byKey = new Map<string, Open[]>();
  /** In the order in which they began. */
  readonly #open = new Set<Open>();
  readonly #large = new Pieces<Open>();
  #last = 0n;

  /** Frames must come in time. The journey is the same object as long as it goes on. */
  take(seen: Seen, print: Print = printOf(seen)): Journey {
    this.#forget(seen.at);
    const { spot, at, direction } = seen;
    const step = { spot, at, direction, ends: print.ends };
    const going = this.#byKey.get(print.key) ?? [];
    const one = going.find((open) => goesOn(open, step)) ?? this.#whole(step, print);
    if (one) {
      const piece = one.carries !== null && print.carries !== null && one.carries.data > print.carries.data;
      one.steps.push(piece ? { ...step, piece } : step);
      return one;
    }
    this.#last++;
    const begun: Open = { id: this.#last, key: print.key, steps: [step], carries: print.carries };
    this.#byKey.set(print.key, going);
    going.push(begun);
    if (going.length > ALIKE) this.#close(going.shift()!);
    this.#open.add(begun);
    this.#large.add(begun, begun.carries);
    return begun;
  }

  /** The larger packet of which this is a piece: one that did not pass here itself. */
  #whole(step: Step, { carries, ends }: Print): Open | undefined {
    if (carries === null || ends === null) return undefined;
    const place = `${step.spot} ${step.direction} ${carries.sequence}`;
    for (const open of this.#large.wholes(carries)) {
      const passed = open.steps.some(
        ({ spot, direction, piece }) => !piece && spot === step.spot && direction === step.direction,
      );
      const last = open.steps.at(-1)!.ends;
      const same = last !== null && (last.source === ends.source || last.destination === ends.destination);
      if (passed || !same || open.pieces?.has(place) || open.steps.length >= STEPS) continue;
      open.pieces = (open.pieces ?? new Set()).add(place);
      return open;
    }
    return undefined;
  }

  #close(open: Open): void {
    this.#open.delete(open);
    this.#large.forget(open, open.carries);
  }

  #forget(now: bigint): void {
    for (const open of this.#open) {
      const old = now - open.steps.at(-1)!.at > LONGEST;
      if (!old && this.#open.size < MOST) return;
      this.#close(open);
      const left = this.#byKey.get(open.key)!.filter((one) => one !== open);
      if (left.length > 0) this.#byKey.set(open.key, left);
      else this.#byKey.delete(open.key);
    }
  }
}

/** Two pieces of one packet at one interface. */
export const isBeside = (one: Step, other: Step): boolean =>
  one.piece === true && one.spot === other.spot && one.direction === other.direction;

/** The interfaces of its way: of pieces the first stands for all that are there. */
export const wayOfSpots = (steps: readonly Step[]): number[] =>
  steps
    .filter((step, at) => !(step.piece && steps.slice(0, at).some((one) => isBeside(one, step))))
    .map(({ spot }) => spot);

/** Its ends at the interface that comes first, the target's own in a file of ours: NAT calls the two ways by two names elsewhere. */
export const nearestEnds = ({ steps }: Journey): Ends | null =>
  steps.reduce((near, step) => (step.spot < near.spot ? step : near)).ends;

/** How the key of a packet begins whose number a file has. */
export const SAID = '#';

/** A packet passes an interface once in each direction; and NAT leaves one of its ends alone. */
function goesOn({ key, steps }: Open, { spot, direction, ends }: Step): boolean {
  if (steps.length >= STEPS) return false;
  // A file says itself what is one packet, its pieces too.
  if (key.startsWith(SAID)) return true;
  const again = steps.some((step) => step.spot === spot && step.direction === direction);
  if (again) return false;
  const last = steps.at(-1)!.ends;
  if (last === null || ends === null) return last === ends;
  // A hairpin translates both; a sequence number of 32 bits, which is in the key, is chance enough.
  return last.source === ends.source || last.destination === ends.destination || ends.protocol === 6;
}

/** Where its addresses changed on the way: what it was called before and after. */
export function translations({ steps }: Journey): readonly { readonly at: number; readonly into: Ends }[] {
  return steps.flatMap(({ ends }, at) => {
    const before = steps[at - 1]?.ends;
    return before && ends && wayOf(before) !== wayOf(ends) ? [{ at, into: ends }] : [];
  });
}
