/** What an exception for one flow asks of a packet, for whichever tool writes it. */

import type { Packet } from '../kernel/rule-clauses.ts';
import { hookOf, type Ruled } from '../kernel/rules.ts';
import type { MetPacket, RuleHit } from '../model/facts.ts';
import { carrier } from '../model/flow.ts';
import { linkByIndex } from '../model/stack.ts';
import { ruleName } from '../words/telling.ts';

export interface Exception {
  readonly ingress: string | null;
  readonly egress: string | null;
  /** Null: anybody's. Whoever asks from outside may be anybody. */
  readonly source: string | null;
  readonly destination: string | null;
  readonly proto: string;
  readonly family: 4 | 6;
  readonly isReply: boolean;
  /** The port of the one who was asked; null: any, or none. */
  readonly port: number | null;
  readonly hook: string;
  readonly title: string;
  readonly affects: string;
}

/** The packet that met the rule, by the names of its interfaces. */
export const packetFor = (scene: Ruled, hit: RuleHit, packet: MetPacket): Packet => ({
  source: packet.source,
  destination: packet.destination,
  in: nameOf(scene, hit, packet.ingress),
  out: nameOf(scene, hit, packet.egress),
  proto: carrier(scene.flow),
  sourcePort: packet.sourcePort,
  destinationPort: packet.destinationPort,
  isLocal: () => false,
});

function nameOf(scene: Ruled, hit: RuleHit, index: number | null): string | null {
  const stack = scene.stacks[hit.side];
  return (stack && index !== null ? linkByIndex(stack, index)?.name : undefined) ?? null;
}

/** Null where nobody saw the packet that met the rule. */
export function exceptionFor(scene: Ruled, hit: RuleHit): Exception | null {
  const { rule, packet, direction } = hit;
  if (!packet) return null;
  const isReply = direction === 'reply';
  const { in: ingress, out, proto, source, destination } = packetFor(scene, hit, packet);
  const anybody = scene.flow.from === 'outside';
  const hook = hookOf(scene, hit);
  return {
    ingress,
    egress: hook === 'prerouting' ? null : out,
    source: anybody && !isReply ? null : source,
    destination: anybody && isReply ? null : destination,
    proto,
    family: packet.source.includes(':') ? 6 : 4,
    isReply,
    port: proto === 'tcp' || proto === 'udp' ? (isReply ? packet.sourcePort : packet.destinationPort) : null,
    hook,
    title: `Let ${isReply ? "this flow's answers" : 'this flow'} pass before ${ruleName(rule)}`,
    affects: 'this flow alone; the rule stays for everything else',
  };
}
