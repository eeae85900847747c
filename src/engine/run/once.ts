/** A packet of a probe counts once a hop: what a stranger sends again gives no verdict, and fills no memory. */
import type { Sighting } from '../../model/sighting.ts';
import { Room } from '../../witness/room.ts';

/** Different packets of one probe and kind on one hop: a NAT before and behind a bridge, copies that a bridge floods. */
export const DIFFERENT = 16;
/** Neighbours ask again and again, and that they do is news; there may be many of them. */
const ASKED_AGAIN = 16;
const NEIGHBOURS = 4000;
const MOST = 20_000;

export class Once {
  #same = new Room(1, MOST);
  #sort = new Room(DIFFERENT, MOST);
  #talk = new Room(ASKED_AGAIN, MOST);
  #talks = new Room(NEIGHBOURS, MOST);

  /** Is this one worth remembering? */
  admits(one: Sighting): boolean {
    const sort = `${one.hop} ${one.probe} ${one.kind}`;
    const packet = [sort, one.source, one.destination, one.sourceMac, one.destinationMac, one.says].join(' ');
    if (one.probe < 0) return this.#talk.for(packet) && this.#talks.for(sort);
    const ports = `${one.sourcePort} ${one.destinationPort} ${one.ttl} ${one.length}`;
    // Segments of one answer may be alike but for where they stand in it.
    const at = one.kind === 'reply' ? (one.sequence ?? '') : '';
    return this.#same.for(`${packet} ${ports} ${at}`) && this.#sort.for(sort);
  }

  forget(): void {
    this.#same = new Room(1, MOST);
    this.#sort = new Room(DIFFERENT, MOST);
    this.#talk = new Room(ASKED_AGAIN, MOST);
    this.#talks = new Room(NEIGHBOURS, MOST);
  }
}
