/** Packets seen at several interfaces, joined: each frame is one step of one packet's journey through this host. */
import { Bursts } from './bursts.ts';
import { type Carried, type Ends, type Print, printOf, type Said, wayOf } from './print.ts';
import { holds, Ranges } from './ranges.ts';
import type { Seen } from './spot.ts';

/** A packet at one interface; its bytes are not kept. */
export interface Step extends Pick<Seen, 'spot' | 'at' | 'direction'> {
  readonly ends: Ends | null;
  /** Where a larger packet went on in pieces: this is one of them. */
  readonly piece?: true;
  /** Where several went on as one: how many are in that frame. */
  readonly among?: number;
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
  readonly says: Said | null;
  /** As it was first seen. */
  readonly way: string | null;
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
  readonly #ranges = new Ranges<Open>();
  readonly #bursts = new Bursts<Open>();
  #last = 0n;

  /**
   * The packet, as the same object as long as it goes on; where several went on as one, all that are in the frame. Frames
   * must come in time.
   */
  take(seen: Seen, print: Print = printOf(seen)): readonly [Journey, ...Journey[]] {
    this.#forget(seen.at);
    const { spot, at, direction } = seen;
    const step: Step = { spot, at, direction, ends: print.ends };
    const going = this.#byKey.get(print.key) ?? [];
    const known = going.find((open) => goesOn(open, step));
    const stepOf = (open: Open): Step => (isPiece(print, open) ? { ...step, piece: true } : step);
    const parts = !known || isLess(known, print) ? this.#parts(step, print, known) : [];
    const [first, ...others] = parts;
    if (first) {
      for (const one of parts) {
        one.steps.push({ ...stepOf(one), ...(others.length > 0 ? { among: parts.length } : {}) });
      }
      return [first, ...others];
    }
    const one = known ?? this.#whole(step, print);
    if (one) {
      one.steps.push(stepOf(one));
      return [one];
    }
    return [this.#begin(step, print, going)];
  }

  #begin(step: Step, { key, carries, says, ends }: Print, alike: Open[]): Open {
    this.#last++;
    const way = ends && wayOf(ends);
    const begun: Open = { id: this.#last, key, steps: [step], carries, says, way };
    this.#byKey.set(key, alike);
    alike.push(begun);
    if (alike.length > ALIKE) this.#close(alike.shift()!);
    this.#open.add(begun);
    this.#ranges.add(begun);
    this.#bursts.add(begun);
    return begun;
  }

  /** The larger packet of which this is a piece: one that did not pass here itself. */
  #whole(step: Step, { carries, says, ends }: Print): Open | undefined {
    if (ends === null) return undefined;
    const here = `${step.spot} ${step.direction}`;
    const may = (open: Open): boolean => mayPass(open, step);
    if (says) return this.#bursts.whole(says, ends, here, may);
    if (!carries) return undefined;
    const place = `${here} ${carries.sequence}`;
    const open = this.#ranges.wholes(carries).find((one) => may(one) && !one.pieces?.has(place));
    if (open) open.pieces = (open.pieces ?? new Set()).add(place);
    return open;
  }

  /** The packets that are in this larger one: those that did not pass here themselves. `known`: one that is. */
  #parts(step: Step, { carries, says }: Print, known: Open | undefined): Open[] {
    const may = (open: Open): boolean => open === known || mayPass(open, step);
    const parts = says ? this.#bursts.parts(says, may) : carries ? this.#ranges.parts(carries, may) : [];
    return known === undefined || parts.includes(known) ? parts : [];
  }

  #close(open: Open): void {
    this.#open.delete(open);
    this.#ranges.forget(open);
    this.#bursts.forget(open);
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

/** Does the one carry less data than the other? */
const isLess = (one: Pick<Print, 'carries' | 'says'>, other: Pick<Print, 'carries' | 'says'>): boolean =>
  (one.carries?.data ?? one.says?.data ?? 0) < (other.carries?.data ?? other.says?.data ?? 0);

/** Is it a part of the other, and not all of it? */
const isPiece = (one: Pick<Print, 'carries' | 'says'>, other: Open): boolean =>
  one.carries && other.carries ? !holds(one.carries, other.carries) : isLess(one, other);

/** May it have come to this interface in pieces, or within a larger one? */
function mayPass({ steps }: Open, { spot, direction, ends }: Step): boolean {
  if (steps.length >= STEPS || ends === null) return false;
  const passed = steps.some((one) => !one.piece && one.spot === spot && one.direction === direction);
  const last = steps.at(-1)!.ends;
  return !passed && last !== null && (last.source === ends.source || last.destination === ends.destination);
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
