import type { Sighting } from '../../src/model/sighting.ts';

/** A packet seen at a hop: an IPv4 ping from 10.88.0.2 to 198.51.100.1, unless told otherwise. */
export function sighting(hop: string, kind: Sighting['kind'], about: Partial<Sighting> = {}): Sighting {
  return {
    hop,
    kind,
    probe: 0,
    at: 10,
    source: '10.88.0.2',
    destination: '198.51.100.1',
    sourceMac: null,
    destinationMac: null,
    family: 4,
    sourcePort: null,
    destinationPort: null,
    length: 84,
    ttl: 64,
    says: null,
    ...about,
  };
}
