import { icmpError, type Packet } from '../../wire/packet.ts';
import { ofConversation } from '../conversation.ts';
import { portsOf } from '../datagram.ts';
import { type ProbeRun, probeKind, type Recognised } from '../kind.ts';

/** A real connect: the kernel chooses the sequence number, and that number is what recognises it through NAT. RFC 793. */
export default probeKind({
  proto: 'tcp',
  socket: 'tcp',
  lengths: () => null,
  payload: () => undefined,
  filter(run) {
    const far = [...destinations(run)].map((address) => `host ${address}`);
    const mine = `(${[...portsOf(run), ...far].join(' or ')})`;
    // Of its own connections everything, of others to the same end only how they begin and break.
    const own = portsOf(run).join(' or ') || 'port 0';
    return run.flow.family === 4
      ? `((tcp and (${own})) or (tcp[13] & 6 != 0 and ${mine}) or (icmp[17] = 6 and (icmp[0] = 3 or icmp[0] = 11 or icmp[0] = 12)))`
      : `((ip6[6] = 6 and (${own})) or (ip6[6] = 6 and ip6[53] & 6 != 0 and ${mine}) or (ip6[6] = 58 and ip6[40] < 5 and ip6[54] = 6))`;
  },
  marks: () => [],
  recognise(run, packet) {
    const said = ofConversation(run, packet);
    if (said) return said;
    const error = icmpError(packet);
    if (error && packet.quoted?.tcp) {
      const probe = withSequence(run, packet.quoted.tcp.sequence);
      if (probe === null) return null;
      return { kind: error === 'port unreachable' ? 'refusal' : 'error', probe, says: error };
    }
    if (!packet.tcp) return null;
    const { syn, ack, rst, sequence, acknowledgement } = packet.tcp;
    if (syn && !ack) return request(run, packet, sequence);
    if (!ack || !(syn || rst)) return null;
    const probe = withSequence(run, (acknowledgement - 1) >>> 0);
    if (probe === null) return null;
    return rst
      ? { kind: 'refusal', probe, says: 'connection refused (RST)' }
      : { kind: 'reply', probe, says: null };
  },
  answers: () => null,
});

/** As packets carry them: a zone (RFC 4007) is known to the sender alone, and pcap-filter(7) takes none. */
const destinations = (run: ProbeRun): ReadonlySet<string> =>
  new Set([run.flow.address, run.realDestination].map((address) => address.replace(/%.*$/, '')));

function request(run: ProbeRun, packet: Packet, sequence: number): Recognised | null {
  const known = withSequence(run, sequence);
  if (known !== null) return { kind: 'request', probe: known, says: null };
  const probe = run.ports.indexOf(packet.tcp?.sourcePort ?? -1);
  // Until the number is known, only the packet as its socket sent it will do.
  if (probe < 0 || run.sequences.has(probe)) return null;
  // What the host sends itself has met its DNAT before any interface shows it.
  if (!destinations(run).has(packet.destination)) return null;
  run.sequences.set(probe, sequence);
  return { kind: 'request', probe, says: null };
}

function withSequence(run: ProbeRun, sequence: number): number | null {
  for (const [probe, own] of run.sequences) if (own === sequence) return probe;
  return null;
}
