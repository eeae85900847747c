/** What an outer packet of a tunnel has in it: RFC 7348 (VXLAN), 8926 (Geneve), 2784 and 2890 (GRE), 2003 and 4213 (IP in IP). */
import { decodeFrame, decodeNetwork, type Packet } from './packet.ts';

const UDP = 17;
const GRE = 47;
/** IPv4 and IPv6 in an IP packet. */
const IN_IP = new Set([4, 41]);
/** EtherType of frames in GRE, as a gretap sends them. */
const FRAMES = 0x6558;
const UDP_HEADER = 8;
const VXLAN_HEADER = 8;

/** `bytes` begin with the outer IP header; `kind`: of the tunnel's interface. Undefined for what is no packet of such a tunnel. */
export function carried(bytes: Uint8Array, kind: string): Packet | undefined {
  const first = bytes[0] ?? 0;
  const isSix = first >> 4 === 6;
  const protocol = bytes[isSix ? 6 : 9] ?? 0;
  const body = bytes.subarray(isSix ? 40 : (first & 15) * 4);
  if (protocol === UDP && kind === 'vxlan')
    return decodeFrame(body.subarray(UDP_HEADER + VXLAN_HEADER), 'ETHERNET');
  if (protocol === UDP && kind === 'geneve') return geneve(body.subarray(UDP_HEADER));
  if (protocol === GRE) return gre(body);
  return IN_IP.has(protocol) ? decodeFrame(body, 'RAW') : undefined;
}

/** Its options stand behind eight bytes, in units of four. */
function geneve(bytes: Uint8Array): Packet | undefined {
  const options = ((bytes[0] ?? 0) & 0x3f) * 4;
  return inside(bytes.subarray(8 + options), ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0));
}

/** Checksum, key and sequence number follow where their bits are set. */
function gre(bytes: Uint8Array): Packet | undefined {
  const flags = bytes[0] ?? 0;
  const length = 4 + [0x80, 0x20, 0x10].filter((bit) => flags & bit).length * 4;
  return inside(bytes.subarray(length), ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0));
}

const inside = (bytes: Uint8Array, type: number): Packet | undefined =>
  type === FRAMES ? decodeFrame(bytes, 'ETHERNET') : decodeNetwork(bytes, type, null);
