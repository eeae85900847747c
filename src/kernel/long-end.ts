/** Where a full segment of a flow whose short packets are answered would end, as the rules are. */
import type { Firewall, Side } from '../model/facts.ts';
import type { LongEnd } from '../model/long-end.ts';
import type { Scene } from '../model/scene.ts';
import type { Sighting } from '../model/sighting.ts';
import { asksLength, endOfLong } from './by-length.ts';
import type { Carried } from './carried.ts';
import { crossings } from './crossings.ts';
import type { Packet } from './rule-clauses.ts';

/** What connection tracking never sees has no state. */
const UNTRACKED = /\bnotrack\b/i;

/** A connection of the flow, other than the probe's own. */
export interface Carrying {
  readonly sourcePort: number;
  readonly carried: Carried;
}

/**
 * `length`: IP length of a full segment, in bytes. `bridged`: rules see what stays on a bridge. `own`: of a connection that has
 * carried so much. The first end on the way there and back, a sure one before one that is only possible; undefined where there is
 * none.
 */
export function longEnd(
  scene: Scene,
  firewall: Firewall,
  length: number,
  bridged = false,
  own?: Carrying,
): LongEnd | undefined {
  // Most firewalls have no such rule, and some have fifty thousand others.
  if (!(['container', 'host', 'other'] as const).some((side) => firewall[side].some(asksLength)))
    return undefined;
  const { source, sourcePort: port } = probeOf(scene);
  /** The packet as one of that connection. Which port NAT chose for it is not asked: none asks for that. */
  const ofConnection = (packet: Packet): Partial<Packet> =>
    own === undefined
      ? {}
      : {
          carried: own.carried,
          ...(packet.source === source && packet.sourcePort === port ? { sourcePort: own.sourcePort } : {}),
          ...(packet.destination === source && packet.destinationPort === port
            ? { destinationPort: own.sourcePort }
            : {}),
        };
  const isTracked = (side: Side): boolean => !firewall[side].some(({ text }) => UNTRACKED.test(text));
  const found = crossings(scene, bridged).flatMap(({ side, hook, place, packets }): LongEnd[] => {
    const state = isTracked(side) ? ({ state: 'established' } as const) : {};
    const ends = packets.map((packet) =>
      endOfLong(firewall[side], { ...packet, ...ofConnection(packet), ...state, length }, hook),
    );
    const [end] = ends;
    const packet = packets.at(-1);
    if (!end || !packet || ends.some((one) => one?.rule !== end.rule)) return [];
    return [{ ...end, sure: ends.every((one) => one?.sure), side, hook, place, packet, length }];
  });
  return found.find(({ sure }) => sure) ?? found[0];
}

/** The end of the answered probe that has a port of its own. */
function probeOf({ sightings, outcomes }: Scene): Partial<Pick<Sighting, 'source' | 'sourcePort'>> {
  const probe = outcomes.find(({ result }) => result === 'answered')?.probe;
  return sightings.find((one) => one.probe === probe && one.kind === 'request') ?? {};
}
