/** What an exception for one flow asks of a packet, for whichever tool writes it. */

import { packetFor } from '../kernel/packet-of.ts';
import { hookOf, type Ruled } from '../kernel/rules.ts';
import type { RuleHit } from '../model/facts.ts';
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
