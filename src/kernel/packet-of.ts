/** The probe as rules meet it. */

import type { MetPacket, RuleHit } from '../model/facts.ts';
import { carrier, type Flow } from '../model/flow.ts';
import type { Scene } from '../model/scene.ts';
import { isHostAddress } from '../model/scene.ts';
import { linkByIndex, type Stack } from '../model/stack.ts';
import { isLoopback } from './arrival.ts';
import type { Packet } from './rule-clauses.ts';

const base = (scene: Scene): Pick<Packet, 'proto' | 'isLocal' | 'sourcePort'> => ({
  proto: carrier(scene.flow),
  sourcePort: scene.sightings.find((one) => one.kind === 'request')?.sourcePort ?? null,
  isLocal: (address) => isLoopback(address) || isHostAddress(scene, address),
});

/** The request as it leaves this host: in POSTROUTING, source not yet rewritten. */
export function leavingPacket(scene: Scene, source: string, out: string): Packet {
  return {
    ...base(scene),
    source,
    destination: scene.flow.address,
    in: null,
    out,
    destinationPort: scene.flow.port,
  };
}

/** The request as it enters the host: in PREROUTING (or OUTPUT, where `enters` is null). */
export function enteringPacket(scene: Scene, enters: string | null): Packet {
  return {
    ...base(scene),
    source: scene.path.sourceAddress ?? '',
    destination: scene.flow.address,
    in: enters,
    out: null,
    destinationPort: scene.flow.port,
  };
}

/**
 * The interface through which the request enters the host's routing, as its rules name it: the one before it is routed on or
 * delivered, by which a port hands it up (br_pass_frame_up, net/bridge/br_input.c). Where it is only bridged: the first.
 */
export function entrance(scene: Scene): string | null {
  const { flow, path } = scene;
  if (flow.from === 'host') return null;
  const routed = path.hops.find(
    ({ where }, index) => where === 'host' && /^(forward|deliver)$/.test(path.stages[index + 1] ?? ''),
  );
  return (routed ?? path.hops.find(({ where }) => where === 'host'))?.name ?? null;
}

/** The packet that met the rule, by the names of its interfaces. */
export const packetFor = (
  scene: { readonly flow: Flow; readonly stacks: Scene['stacks'] },
  hit: Pick<RuleHit, 'side' | 'mark'>,
  packet: MetPacket,
): Packet => ({
  source: packet.source,
  destination: packet.destination,
  in: nameOf(scene.stacks[hit.side], packet.ingress),
  out: nameOf(scene.stacks[hit.side], packet.egress),
  proto: carrier(scene.flow),
  sourcePort: packet.sourcePort,
  destinationPort: packet.destinationPort,
  ...(hit.mark === undefined ? {} : { mark: hit.mark }),
  isLocal: () => false,
});

const nameOf = (stack: Stack | null, index: number | null): string | null =>
  (stack && index !== null ? linkByIndex(stack, index)?.name : undefined) ?? null;
