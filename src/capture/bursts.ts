/**
 * Datagrams of one burst. A program hands over many as one (UDP_SEGMENT), a device that cannot cut it gets them apart; and
 * a receiver joins them (UDP_GRO): udp(7), udp_gro_receive(). A datagram has no place in a stream: the first of a burst
 * begins as the large one does, the others follow it on the same way, until their data are as long.
 */
import { type Ends, type Said, wayOf } from './print.ts';

export interface Speaker {
  readonly says: Said | null;
  readonly way: string | null;
}

/** How a burst goes on at one interface. */
interface Going<Owner> {
  readonly owner: Owner;
  /** Bytes of data that are still to come. */
  left: number;
  /** No one of it is longer than the first. */
  readonly longest: number;
}

export class Bursts<Owner extends Speaker> {
  readonly #beginning = new Map<string, Set<Owner>>();
  readonly #next = new WeakMap<Owner, Owner>();
  /** The last datagram of each way. */
  readonly #last = new Map<string, Owner>();
  /** By interface and way. */
  readonly #going = new Map<string, Going<Owner>>();

  add(owner: Owner): void {
    const { says, way } = owner;
    if (says === null || way === null) return;
    const key = keyOf(says);
    this.#beginning.set(key, (this.#beginning.get(key) ?? new Set<Owner>()).add(owner));
    const before = this.#last.get(way);
    if (before) this.#next.set(before, owner);
    this.#last.set(way, owner);
  }

  forget(owner: Owner): void {
    const { says, way } = owner;
    if (says === null || way === null) return;
    const here = this.#beginning.get(keyOf(says));
    here?.delete(owner);
    if (here?.size === 0) this.#beginning.delete(keyOf(says));
    if (this.#last.get(way) === owner) this.#last.delete(way);
  }

  /** The large datagram of which this is a piece at that place, of those that `may` have come so; the latest first. */
  whole(piece: Said, ends: Ends, place: string, may: (owner: Owner) => boolean): Owner | undefined {
    const here = `${place} ${wayOf(ends)}`;
    const begun = [...(this.#beginning.get(keyOf(piece)) ?? [])]
      .toReversed()
      .find((owner) => owner.says!.data > piece.data && may(owner));
    const going = begun
      ? { owner: begun, left: begun.says!.data, longest: piece.data }
      : this.#going.get(here);
    if (!going || piece.data > going.longest || piece.data > going.left) {
      this.#going.delete(here);
      return undefined;
    }
    going.left -= piece.data;
    if (going.left > 0) this.#going.set(here, going);
    else this.#going.delete(here);
    return going.owner;
  }

  /** The datagrams that this one is put together of, which are exactly as long; empty where there are none. */
  parts(whole: Said, may: (owner: Owner) => boolean): Owner[] {
    for (const first of [...(this.#beginning.get(keyOf(whole)) ?? [])].toReversed()) {
      const longest = first.says!.data;
      if (longest >= whole.data) continue;
      const parts: Owner[] = [];
      let left = whole.data;
      for (let one: Owner | undefined = first; one && left > 0; one = this.#next.get(one)) {
        if (one.says!.data > longest || !may(one)) break;
        parts.push(one);
        left -= one.says!.data;
      }
      if (left === 0) return parts;
    }
    return [];
  }
}

const keyOf = ({ id, begins }: Said): string => `${id} ${begins}`;
