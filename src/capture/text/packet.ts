/** One packet in one line, as tcpdump(8) -n has it. */
import {
  arpMessage,
  ETHERTYPE,
  ethernetHeader,
  isIp,
  type NetworkHeader,
  networkHeader,
} from '../../wire/headers.ts';
import { datagram, icmpMessage, segment } from '../../wire/transport.ts';
import { PROTOCOL } from '../print.ts';
import { networkPart, type Seen } from '../spot.ts';
import { dnsText } from './dns.ts';
import { icmp6Text, icmpText } from './icmp.ts';
import { tcpText } from './tcp.ts';

export interface Manner {
  /** Fewer words: -q. */
  readonly quiet?: boolean;
  /** The fields of the IP header too: -v. */
  readonly verbose?: boolean;
  /** The link header too: -e. */
  readonly link?: boolean;
}

const DNS_PORT = 53;
const NAMES: Readonly<Record<number, string>> = {
  [PROTOCOL.icmp]: 'icmp',
  [PROTOCOL.tcp]: 'tcp',
  [PROTOCOL.udp]: 'udp',
  [PROTOCOL.icmp6]: 'ipv6-icmp',
  2: 'igmp',
  4: 'ipencap',
  41: 'ipv6',
  47: 'gre',
  50: 'esp',
  132: 'sctp',
};

const TYPES: Readonly<Record<number, string>> = {
  [ETHERTYPE.ipv4]: 'IPv4',
  [ETHERTYPE.ipv6]: 'IPv6',
  [ETHERTYPE.arp]: 'ARP',
};

const hex = (value: number, digits: number): string => `0x${value.toString(16).padStart(digits, '0')}`;
const nameOf = (protocol: number): string => NAMES[protocol] ?? `ip-proto-${protocol}`;

export function packetText(seen: Seen, manner: Manner = {}): string {
  const text = inside(seen, manner);
  // The type is said before, then.
  return manner.link ? `${linkText(seen)}${text.replace(/^(IP6?|ARP,) /, '')}` : text;
}

/** `02:42:… > 02:42:…, ethertype IPv4 (0x0800), length 98: ` */
function linkText({ bytes, header, length, type }: Seen): string {
  const found = header >= 14 ? ethernetHeader(bytes) : undefined;
  const vlans = found?.link.vlans.map((vlan) => `vlan ${vlan}, `).join('') ?? '';
  const ends = found ? `${found.link.source} > ${found.link.destination}, ` : '';
  return `${ends}${vlans}ethertype ${TYPES[type] ?? 'Unknown'} (${hex(type, 4)}), length ${length}: `;
}

function inside(seen: Seen, manner: Manner): string {
  const bytes = networkPart(seen);
  const length = seen.length - seen.header;
  if (seen.type === ETHERTYPE.arp) {
    const arp = arpMessage(bytes);
    if (!arp) return `ARP, length ${length}`;
    return arp.asks
      ? `ARP, Request who-has ${arp.target} tell ${arp.sender}, length ${length}`
      : `ARP, Reply ${arp.sender} is-at ${arp.senderMac}, length ${length}`;
  }
  const known = isIp(seen.type);
  const ip = known ? networkHeader(bytes) : undefined;
  if (!ip)
    return known ? `IP cut short, length ${length}` : `ethertype ${hex(seen.type, 4)}, length ${length}`;
  const about = manner.verbose ? ` (${fieldsOf(ip)})` : '';
  return `${ip.family === 4 ? 'IP' : 'IP6'}${about} ${transportText(ip, bytes, manner)}`;
}

function fieldsOf(ip: NetworkHeader): string {
  if (ip.family === 6)
    return `class ${hex(ip.tos, 1)}, hlim ${ip.ttl}, next-header ${nameOf(ip.protocol)}, length ${ip.length}`;
  const flags =
    [ip.moreFragments ? '+' : '', ip.dontFragment ? 'DF' : ''].filter(Boolean).join(', ') || 'none';
  return `tos ${hex(ip.tos, 1)}, ttl ${ip.ttl}, id ${ip.id}, offset ${ip.fragmentOffset}, flags [${flags}], proto ${nameOf(ip.protocol)}, length ${ip.length}`;
}

function transportText(ip: NetworkHeader, packet: Uint8Array, { quiet }: Manner): string {
  const bytes = packet.subarray(ip.at, Math.max(ip.at, ip.length));
  const length = Math.max(0, ip.length - ip.at);
  const bare = `${ip.source} > ${ip.destination}: `;
  const ported = (ports: { sourcePort: number; destinationPort: number }): string =>
    `${ip.source}.${ports.sourcePort} > ${ip.destination}.${ports.destinationPort}: `;
  if (ip.fragmentOffset > 0) return `${bare}ip-proto-${ip.protocol}`;
  if (ip.protocol === PROTOCOL.tcp) {
    const tcp = segment(bytes);
    if (!tcp) return `${bare}tcp cut short`;
    const data = Math.max(0, length - tcp.header);
    return `${ported(tcp)}${quiet ? `tcp ${data}` : tcpText(tcp, data)}`;
  }
  if (ip.protocol === PROTOCOL.udp) {
    const udp = datagram(bytes);
    if (!udp) return `${bare}udp cut short`;
    const asksNames = !quiet && (udp.sourcePort === DNS_PORT || udp.destinationPort === DNS_PORT);
    const dns = asksNames ? dnsText(udp.data, udp.length) : undefined;
    return `${ported(udp)}${dns ?? `UDP, length ${udp.length}`}`;
  }
  if (ip.protocol === PROTOCOL.icmp || ip.protocol === PROTOCOL.icmp6) {
    const icmp = icmpMessage(bytes);
    if (!icmp) return `${bare}${nameOf(ip.protocol)} cut short`;
    return `${bare}${ip.protocol === PROTOCOL.icmp ? icmpText(icmp, length) : icmp6Text(icmp, length)}`;
  }
  return `${bare}${nameOf(ip.protocol)} ${length}`;
}
