/** Somebody else's packet, followed in place of a probe: the first that arrives from outside for the port asked about. */
import { icmpError, type Packet } from '../wire/packet.ts';
import type { Asker, ProbeKind, ProbeRun, Recognised } from './kind.ts';
import { probeKindOf } from './kinds.ts';

/** The kind that watches a TCP or UDP flow from outside. It sends nothing. */
export function observedKind(proto: 'tcp' | 'udp'): ProbeKind {
  const l4 = (packet: Packet) => (proto === 'tcp' ? packet.tcp : packet.udp);
  const first = (run: ProbeRun, packet: Packet): boolean => {
    const head = l4(packet);
    if (!head || (packet.tcp && (!packet.tcp.syn || packet.tcp.ack))) return false;
    return packet.destination === run.flow.address && head.destinationPort === run.flow.port;
  };
  return {
    ...probeKindOf(proto),
    lengths: () => null,
    filter(run) {
      const ports = [...new Set([run.flow.port, run.realPort])].filter((port) => port !== null);
      const named = ports.map((port) => `port ${port}`).join(' or ');
      const flags = run.flow.family === 4 ? 'tcp[13] & 6 != 0' : 'ip6[53] & 6 != 0';
      const errors = run.flow.family === 4 ? 'icmp[0] = 3 or icmp[0] = 11' : '(ip6[6] = 58 and ip6[40] < 5)';
      return `((${proto} and (${named})${proto === 'tcp' ? ` and ${flags}` : ''}) or (${errors}))`;
    },
    recognise(run, packet): Recognised | null {
      const { asker } = run;
      if (!asker) return null;
      const error = icmpError(packet);
      if (error && packet.quoted) return speaks(asker, packet.quoted, proto, error);
      if (asker.address === null && first(run, packet)) {
        asker.address = packet.source;
        asker.port = l4(packet)!.sourcePort;
        if (packet.tcp) run.sequences.set(0, packet.tcp.sequence);
      }
      if (asker.address === null) return null;
      if (packet.tcp) return byNumber(run, packet.tcp);
      if (!packet.udp) return null;
      if (packet.udp.sourcePort === asker.port && packet.source === asker.address) return request;
      return packet.udp.destinationPort === asker.port && packet.destination === asker.address ? reply : null;
    },
    answers: () => null,
  };
}

const request: Recognised = { kind: 'request', probe: 0, says: null };
const reply: Recognised = { kind: 'reply', probe: 0, says: null };

function byNumber(run: ProbeRun, tcp: NonNullable<Packet['tcp']>): Recognised | null {
  const own = run.sequences.get(0);
  if (tcp.syn && !tcp.ack) return tcp.sequence === own ? request : null;
  if (!tcp.ack || (tcp.acknowledgement - 1) >>> 0 !== own) return null;
  return tcp.rst ? { kind: 'refusal', probe: 0, says: 'connection refused (RST)' } : tcp.syn ? reply : null;
}

function speaks(asker: Asker, quoted: Packet, proto: 'tcp' | 'udp', says: string): Recognised | null {
  const head = proto === 'tcp' ? quoted.tcp : quoted.udp;
  if (asker.address === null || quoted.source !== asker.address || head?.sourcePort !== asker.port)
    return null;
  return { kind: says === 'port unreachable' ? 'refusal' : 'error', probe: 0, says };
}
