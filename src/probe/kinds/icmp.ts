import { icmpError } from '../../wire/packet.ts';
import { anyLength, ownPayload, ownProbe, probeKind } from '../kind.ts';

const ECHO = { 4: { request: 8, reply: 0 }, 6: { request: 128, reply: 129 } } as const;
const HEADER = 8;

/** Echo request with the run's token in its payload: NAT may change the id, never the payload. RFC 792, RFC 4443. */
export default probeKind({
  proto: 'icmp',
  socket: 'icmp',
  lengths: anyLength,
  payload(run, probe) {
    const payload = ownPayload(run, probe);
    const bytes = Buffer.alloc(HEADER + payload.length);
    bytes[0] = ECHO[run.flow.family].request;
    bytes.writeUInt16BE(run.token & 0xffff, 4);
    bytes.writeUInt16BE(probe + 1, 6);
    bytes.set(payload, HEADER);
    // The kernel fills in the checksum of ICMPv6 raw sockets itself, and not that of ICMP.
    if (run.flow.family === 4) bytes.writeUInt16BE(checksum(bytes), 2);
    return bytes;
  },
  filter(run) {
    const token = `0x${run.token.toString(16)}`;
    return run.flow.family === 4
      ? `(icmp[8:4] = ${token} or icmp[36:4] = ${token})`
      : `(ip6[6] = 58 and (ip6[48:4] = ${token} or ip6[96:4] = ${token}))`;
  },
  marks: (run, probes) => [
    { at: HEADER, size: 4, oneOf: [run.token] },
    { at: HEADER + 4, size: 1, oneOf: probes },
  ],
  recognise(run, packet) {
    if (!packet.icmp) return null;
    const error = icmpError(packet);
    if (error && packet.quoted?.icmp) {
      const probe = ownProbe(run, packet.quoted.icmp.payload);
      return probe === null ? null : { kind: 'error', probe, says: error };
    }
    const probe = ownProbe(run, packet.icmp.payload);
    const { request, reply } = ECHO[packet.family];
    if (probe === null || (packet.icmp.type !== request && packet.icmp.type !== reply)) return null;
    return { kind: packet.icmp.type === request ? 'request' : 'reply', probe, says: null };
  },
  answers(run, bytes) {
    // A raw IPv4 socket delivers the IP header too; a raw ICMPv6 socket does not.
    const icmp = run.flow.family === 4 ? bytes.subarray(((bytes[0] ?? 0) & 15) * 4) : bytes;
    if (icmp[0] !== ECHO[run.flow.family].reply) return null;
    const probe = ownProbe(run, icmp.subarray(HEADER));
    return probe === null ? null : { probe, says: null };
  },
});

/** Internet checksum: RFC 1071. */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
