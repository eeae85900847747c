/**
 * A large segment that a device gets in pieces, since it cannot cut it itself: Documentation/networking/segmentation-offloads.rst.
 * Each piece carries a part of its data, and the acknowledgement that it has.
 */
import type { Carried } from './print.ts';

/** Larger than what a packet of the usual MTU carries. Bytes. */
const LARGE = 1500;
/** Data is looked up by the part of the stream that it lies in: so many bytes each, and so many of them for one segment. */
const PART = 65_536;
const PARTS = 10;
const SPACE = 2 ** 32;

/** So many bytes behind it: sequence numbers wrap, RFC 9293 3.4. */
const behind = (from: number, sequence: number): number => (sequence - from + SPACE) % SPACE;
const partOf = (sequence: number): number => Math.floor((sequence % SPACE) / PART);
const placeOf = ({ acknowledgement }: Carried, part: number): string => `${acknowledgement} ${part}`;

/** Owners of large segments, by the data that they carry. */
export class Pieces<Owner extends object> {
  readonly #large = new Map<string, Map<Owner, Carried>>();

  add(owner: Owner, carried: Carried | null): void {
    for (const place of placesOf(carried)) {
      const here = this.#large.get(place) ?? new Map<Owner, Carried>();
      this.#large.set(place, here.set(owner, carried!));
    }
  }

  forget(owner: Owner, carried: Carried | null): void {
    for (const place of placesOf(carried)) {
      const here = this.#large.get(place);
      here?.delete(owner);
      if (here?.size === 0) this.#large.delete(place);
    }
  }

  /** Of which this may be a piece. */
  *wholes(piece: Carried): Generator<Owner> {
    const here = this.#large.get(placeOf(piece, partOf(piece.sequence))) ?? [];
    for (const [owner, whole] of here)
      if (behind(whole.sequence, piece.sequence) + piece.data <= whole.data && piece.data < whole.data)
        yield owner;
  }
}

function placesOf(carried: Carried | null): string[] {
  if (carried === null || carried.data <= LARGE) return [];
  const { sequence, data } = carried;
  const parts = Math.min(PARTS, Math.ceil(((sequence % PART) + data) / PART));
  return Array.from({ length: parts }, (_, at) => placeOf(carried, partOf(sequence + at * PART)));
}
