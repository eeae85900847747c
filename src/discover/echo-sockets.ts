/**
 * Sockets that ping: those of icmp(7), whose port is the identifier of their echo requests, and raw ones, which write any.
 * Source: /proc/net/icmp, /proc/net/raw and their like of IPv6 (ping_v4_format_sock, raw_seq_show of net/ipv4).
 */
import type { Machine } from '../host/machine.ts';
import type { Netns } from '../model/netns.ts';
import type { EchoSocket } from '../model/socket.ts';

/** Of a raw socket the local port is the protocol that it takes: IPPROTO_ICMP, IPPROTO_ICMPV6, IPPROTO_RAW. */
const ECHOING: Readonly<Record<4 | 6, readonly number[]>> = { 4: [1, 255], 6: [58, 255] };
const FILES = [
  { file: '/proc/net/icmp', family: 4, isRaw: false },
  { file: '/proc/net/raw', family: 4, isRaw: true },
  { file: '/proc/net/icmp6', family: 6, isRaw: false },
  { file: '/proc/net/raw6', family: 6, isRaw: true },
] as const;

/** Those of one namespace; what cannot be read has none. */
export const echoSockets = (machine: Machine, netns: Netns): EchoSocket[] =>
  FILES.flatMap(({ file, family, isRaw }) => {
    const answer = machine.read(file, netns);
    return answer.known ? parseEchoSockets(answer.value, family, isRaw) : [];
  });

export function parseEchoSockets(text: string, family: 4 | 6, isRaw: boolean): EchoSocket[] {
  return text.split('\n').flatMap((line): EchoSocket[] => {
    const words = line.trim().split(/\s+/);
    const local = /^[0-9A-F]+:([0-9A-F]{4})$/i.exec(words[1] ?? '')?.[1];
    const inode = Number(words[9] ?? Number.NaN);
    if (local === undefined || !Number.isInteger(inode)) return [];
    const port = Number.parseInt(local, 16);
    if (!isRaw) return [{ family, identifier: port, inode }];
    return ECHOING[family].includes(port) ? [{ family, identifier: null, inode }] : [];
  });
}
