/**
 * Drops that captures refute. The trace names devices and no namespaces, and an skb's address is given to another packet
 * as soon as it is free: what was captured outranks what was told of an address.
 */
import type { Drop } from '../../model/evidence.ts';
import type { Hop } from '../../model/path.ts';
import type { Sighting } from '../../model/sighting.ts';

export interface Captured {
  /** The line, in the order a request crosses it. */
  readonly hops: readonly Hop[];
  /** Hops on which a capture runs. */
  readonly captured: ReadonlySet<string>;
  readonly sightings: readonly Sighting[];
}

/**
 * Was it another packet's? Where the probe was seen further on, it did not end here; where a capture stands before, and
 * none of those there saw it come, it never got here.
 */
export function isRefuted(drop: Drop, { hops, captured, sightings }: Captured): boolean {
  const mine = sightings.filter(({ probe, kind }) => probe === drop.probe && kind !== 'neighbour');
  const isReply = drop.direction === 'reply';
  // Its answer came: the request did not end anywhere.
  if (!isReply && mine.some(({ kind }) => kind === 'reply')) return true;
  const way = isReply ? hops.toReversed() : hops;
  const seen = mine.filter(({ kind }) => (kind === 'request') !== isReply).map(({ hop }) => hop);
  // It never came to an interface.
  if (drop.device === null) return seen.length > 0;
  const at = drop.hop === null ? way.length : way.findIndex(({ id }) => id === drop.hop);
  // Where a hop is crossed twice, being seen behind it may have been the first time.
  if (at < 0 || way.some(({ twice }) => twice === true)) return false;
  const before = way.slice(0, at).filter(({ id, link }) => captured.has(id) && link.up);
  // What stands in a device's queue is laid at the hop before; a tunnel or a bridge shows the packet before it sends it on.
  const beyond = (drop.hop === null ? way.slice(-1) : way.slice(at + 1)).filter(
    ({ name }) => name !== drop.device,
  );
  return beyond.some(({ id }) => seen.includes(id)) || (before.length > 0 && seen.length === 0);
}
