/** ICMP and ICMPv6 as tcpdump(8) prints them: RFC 792, 4443, 4861. */
import { addressOf, type NetworkHeader, networkHeader } from '../../wire/headers.ts';
import { datagram, type IcmpMessage } from '../../wire/transport.ts';

const PORTS: Readonly<Record<number, string>> = { 6: 'tcp', 17: 'udp' };

/** `198.51.100.1 udp port 53` of what an error quotes. */
function quotedPort({ at, protocol, destination }: NetworkHeader, body: Uint8Array): string {
  const port = datagram(body.subarray(at))?.destinationPort;
  return `${destination} ${PORTS[protocol] ?? `protocol ${protocol}`} port ${port ?? '?'}`;
}

const UNREACHABLE: Readonly<Record<number, (ip: NetworkHeader, message: IcmpMessage) => string>> = {
  0: (ip) => `net ${ip.destination} unreachable`,
  1: (ip) => `host ${ip.destination} unreachable`,
  2: (ip) => `${ip.destination} protocol ${ip.protocol} unreachable`,
  3: (ip, { body }) => `${quotedPort(ip, body)} unreachable`,
  4: (ip, { sequence }) => `${ip.destination} unreachable - need to frag (mtu ${sequence})`,
  9: (ip) => `net ${ip.destination} unreachable - admin prohibited`,
  10: (ip) => `host ${ip.destination} unreachable - admin prohibited`,
  13: (ip) => `host ${ip.destination} unreachable - admin prohibited filter`,
};

/** `length`: of the message, on the wire. */
export function icmpText(message: IcmpMessage, length: number): string {
  const { type, code, id, sequence, body } = message;
  const of = `, length ${length}`;
  if (type === 8 || type === 0)
    return `ICMP echo ${type === 8 ? 'request' : 'reply'}, id ${id}, seq ${sequence}${of}`;
  const ip = networkHeader(body);
  if (type === 3 && ip)
    return `ICMP ${UNREACHABLE[code]?.(ip, message) ?? `${ip.destination} unreachable - #${code}`}${of}`;
  if (type === 11)
    return `ICMP ${code === 0 ? 'time exceeded in-transit' : 'ip reassembly time exceeded'}${of}`;
  if (type === 5) return `ICMP redirect${ip ? ` ${ip.destination}` : ''}${of}`;
  return `ICMP type-#${type}${of}`;
}

const UNREACHABLE_6: readonly string[] = [
  'unreachable route',
  'unreachable prohibited',
  'beyond scope',
  'unreachable address',
  'unreachable port',
];

const NAMED_6: Readonly<Record<number, string>> = {
  130: 'multicast listener query',
  131: 'multicast listener report',
  133: 'router solicitation',
  134: 'router advertisement',
  137: 'redirect',
  143: 'multicast listener report v2',
};

export function icmp6Text({ type, code, id, sequence, body }: IcmpMessage, length: number): string {
  const of = `, length ${length}`;
  if (type === 128 || type === 129)
    return `ICMP6, echo ${type === 128 ? 'request' : 'reply'}, id ${id}, seq ${sequence}${of}`;
  if (type === 135 && body.length >= 16)
    return `ICMP6, neighbor solicitation, who has ${addressOf(body.subarray(0, 16))}${of}`;
  if (type === 136 && body.length >= 16)
    return `ICMP6, neighbor advertisement, tgt is ${addressOf(body.subarray(0, 16))}${of}`;
  const ip = networkHeader(body);
  if (type === 1 && ip) {
    const whom = code === 4 ? quotedPort(ip, body) : ip.destination;
    return `ICMP6, destination unreachable, ${UNREACHABLE_6[code] ?? `unreachable #${code}`}, ${whom}${of}`;
  }
  // The MTU is the second word, where an echo has id and sequence.
  if (type === 2) return `ICMP6, packet too big, mtu ${id * 65_536 + sequence}${of}`;
  if (type === 3) return `ICMP6, time exceeded in-transit${of}`;
  return `ICMP6, ${NAMED_6[type] ?? `type-#${type}`}${of}`;
}
