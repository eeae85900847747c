/**
 * Parts of a TCP stream that packets carry. A large segment goes on in pieces where a device cannot cut it itself, and pieces
 * go on as one where their receiver joins them (GSO and GRO, Documentation/networking/segmentation-offloads.rst): each
 * carries a part of the same data, and the same acknowledgement (tcp_gro_receive()).
 */
import type { Carried } from './print.ts';

/** Data is looked up by the part of the stream that it lies in: so many bytes each, and so many of them for one segment. */
const PART = 4096;
const PARTS = 160;
const SPACE = 2 ** 32;

/** So many bytes behind it: sequence numbers wrap, RFC 9293 3.4. */
const behind = (from: number, sequence: number): number => (sequence - from + SPACE) % SPACE;
const partOf = (sequence: number): number => Math.floor((sequence % SPACE) / PART);

export const holds = (whole: Carried, piece: Carried): boolean =>
  behind(whole.sequence, piece.sequence) + piece.data <= whole.data;
const overlap = (one: Carried, other: Carried): boolean =>
  behind(one.sequence, other.sequence) < one.data || behind(other.sequence, one.sequence) < other.data;

/** Who carries which part of a stream. */
export class Ranges<Owner extends { readonly carries: Carried | null }> {
  readonly #owners = new Map<string, Set<Owner>>();

  add(owner: Owner): void {
    for (const place of placesOf(owner.carries)) {
      const here = this.#owners.get(place) ?? new Set();
      this.#owners.set(place, here.add(owner));
    }
  }

  forget(owner: Owner): void {
    for (const place of placesOf(owner.carries)) {
      const here = this.#owners.get(place);
      here?.delete(owner);
      if (here?.size === 0) this.#owners.delete(place);
    }
  }

  /** Of which this may be a piece, the latest first: what was sent again is another one. */
  wholes(piece: Carried): Owner[] {
    const [first = ''] = placesOf(piece);
    const here = [...(this.#owners.get(first) ?? [])];
    return here.filter(({ carries }) => carries!.data > piece.data && holds(carries!, piece)).toReversed();
  }

  /**
   * Whose data this may be put together of, in the order of the data, of those that `may` have come so. Each byte is of one
   * packet: of two that carry the same the later one, which was sent again.
   */
  parts(whole: Carried, may: (owner: Owner) => boolean): Owner[] {
    const all = new Set(placesOf(whole).flatMap((place) => [...(this.#owners.get(place) ?? [])]));
    const chosen: Owner[] = [];
    for (const owner of [...all].toReversed()) {
      const own = owner.carries!;
      if (!overlap(own, whole) || holds(own, whole) || !may(owner)) continue;
      if (!chosen.some(({ carries }) => overlap(carries!, own))) chosen.push(owner);
    }
    const place = ({ carries }: Owner): number => (carries!.sequence - whole.sequence) | 0;
    chosen.sort((one, other) => place(one) - place(other));
    // What begins before it, or ends behind it, is in it where all of it is known.
    const isInside = chosen.every(({ carries }) => holds(whole, carries!));
    return isInside || isCovered(whole, chosen) ? chosen : [];
  }
}

/** By packets in the order of their data, without a gap. */
function isCovered(whole: Carried, parts: readonly { readonly carries: Carried | null }[]): boolean {
  let covered = 0;
  for (const { carries } of parts) {
    const from = (carries!.sequence - whole.sequence) | 0;
    if (from > covered) return false;
    covered = from + carries!.data;
  }
  return covered >= whole.data;
}

function placesOf(carried: Carried | null): string[] {
  if (carried === null) return [];
  const { sequence, acknowledgement, data } = carried;
  const parts = Math.min(PARTS, Math.ceil(((sequence % PART) + data) / PART));
  return Array.from({ length: parts }, (_, at) => `${acknowledgement} ${partOf(sequence + at * PART)}`);
}
