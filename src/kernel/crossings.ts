/** At which hooks of which namespaces packets of a flow that is answered are judged, and what they look like there. */
import type { Side } from '../model/facts.ts';
import { carrier } from '../model/flow.ts';
import { type Place, placeAt } from '../model/place.ts';
import type { Scene } from '../model/scene.ts';
import type { Direction, Sighting } from '../model/sighting.ts';
import { isLocalAddress } from '../model/stack.ts';
import type { Hook } from './rule-chain.ts';
import type { Packet } from './rule-clauses.ts';

/** One hook that packets of the flow pass. */
export interface Crossing {
  readonly side: Side;
  readonly hook: Hook;
  /** Where they would be lost if they ended there. */
  readonly place: Place;
  /** As chains of that hook may see them: where there is NAT, some do before it and some behind. */
  readonly packets: readonly Packet[];
}

type Ends = Pick<Sighting, 'source' | 'destination' | 'sourcePort' | 'destinationPort'>;

const INCOMING: ReadonlySet<Hook> = new Set(['prerouting', 'input', 'forward']);
const OUTGOING: ReadonlySet<Hook> = new Set(['output', 'postrouting', 'forward']);

/**
 * Of both directions of one probe that came back, as the captures showed it: a hook beside which none saw it is left out.
 * `bridged`: what stays on a bridge is shown to the rules of forwarding (bridge-nf-call-iptables).
 */
export function crossings(scene: Scene, bridged = false): Crossing[] {
  const { path, outcomes } = scene;
  const probe = outcomes.find(({ result }) => result === 'answered')?.probe;
  // Of a hop that is crossed twice nobody tells which of the two sightings is meant.
  if (probe === undefined || path.hops.some(({ twice }) => twice)) return [];
  const ways = (['request', 'reply'] as const).flatMap((way) =>
    path.stages.map((_, index) => [way, placeAt(path, index, way)] as const),
  );
  return ways.flatMap(([way, place]) => at(scene, probe, way, place, bridged));
}

function at(scene: Scene, probe: number, way: Direction, place: Place, bridged: boolean): Crossing[] {
  const { after, before, stage } = place;
  const seen = (hop: string | undefined): Sighting | undefined =>
    scene.sightings.find((one) => one.probe === probe && one.kind === way && one.hop === hop);
  const [came, went] = [seen(after?.id), seen(before?.id)];
  const hook = (side: Side, name: Hook, ends: readonly Ends[], bridge?: string): Crossing => ({
    side,
    hook: name,
    place,
    packets: ends.map((one) => ({
      ...{ source: one.source, destination: one.destination },
      ...{ sourcePort: one.sourcePort, destinationPort: one.destinationPort },
      proto: carrier(scene.flow),
      in: INCOMING.has(name) ? (bridge ?? after?.name ?? null) : null,
      out: OUTGOING.has(name) ? (bridge ?? before?.name ?? null) : null,
      isLocal: (address) => {
        const stack = scene.stacks[side];
        return stack !== null && isLocalAddress(stack, address);
      },
    })),
  });
  if (stage === 'forward' && came && went && after?.where === 'host' && before?.where === 'host') {
    const through = { ...went, source: came.source, sourcePort: came.sourcePort };
    return [
      hook('host', 'prerouting', [came, through]),
      hook('host', 'forward', [through]),
      hook('host', 'postrouting', [through, went]),
    ];
  }
  const bridge = after?.link.master;
  if (stage === 'bridge' && bridged && came && after?.where === 'host' && bridge)
    return [hook('host', 'forward', [came], bridge)];
  if (stage !== 'send' && stage !== 'deliver') return [];
  if (before && went && !after)
    return [hook(before.where, 'output', [went]), hook(before.where, 'postrouting', [went])];
  if (after && came && !before)
    return [hook(after.where, 'prerouting', [came]), hook(after.where, 'input', [came])];
  return [];
}
