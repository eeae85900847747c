/** What packets are, in the words of the page: who got them, how many, and what stood in them. */
import { datagramProtocols } from '../../../src/probe/datagrams.ts';
import { count } from '../../../src/words/text.ts';
import type { Got } from './recorded.ts';

/** Where the lab's LAN is asked. */
export interface Told {
  readonly to: string;
  readonly what: string;
}

const ECHO = 8;
const FULL = 1500;
const HELLO = 0x16;

/** What one connection said, from its first byte on. */
function said(data: Buffer): string {
  if (data.length === 0) return 'no data';
  if (data[0] === HELLO) return 'a TLS hello';
  const [line] = data.toString('latin1').split('\r\n');
  return `\`${line!.replace(/[^ -~]/g, '?')}\``;
}

/** Connections by what was said over them; a segment that was sent again is the same one. */
function ofTcp(packets: readonly Got[]): string[] {
  const connections = new Map<string, Map<number, Buffer>>();
  for (const { source, tcp, data } of packets) {
    const key = `${source} ${tcp!.sourcePort}`;
    const segments = connections.get(key) ?? new Map<number, Buffer>();
    connections.set(key, segments);
    if (data.length > 0) segments.set(tcp!.sequence, data);
  }
  const words = [...connections.values()].map((segments) => said(Buffer.concat([...segments.values()])));
  return counted(words, (one, times) => `${count(times, 'connection')}, ${one}`);
}

function ofUdp(packets: readonly Got[]): string[] {
  const words = packets.map(({ udp }) => {
    const spoken = datagramProtocols.find((one) => one.ports.includes(udp!.destinationPort));
    return spoken ? `question of ${spoken.name}` : 'datagram of its own';
  });
  return counted(words, (one, times) => `${times} × ${one}`);
}

const ofIcmp = (packets: readonly Got[]): string[] =>
  counted(
    packets.map(({ icmp, length }) =>
      icmp!.type === ECHO ? (length === FULL ? 'ping of 1500 bytes' : 'ping') : `ICMP ${icmp!.type}`,
    ),
    (one, times) => `${times} × ${one}`,
  );

function counted(words: readonly string[], told: (one: string, times: number) => string): string[] {
  const times = new Map<string, number>();
  for (const one of words) times.set(one, (times.get(one) ?? 0) + 1);
  return [...times].map(([one, number]) => told(one, number));
}

/** One line for each end that got anything: `198.51.100.1:80`, and what. From addresses of these alone. */
export function told(packets: readonly Got[], from: ReadonlySet<string>): Told[] {
  const ends = new Map<string, Got[]>();
  for (const one of packets.filter(({ source }) => from.has(source))) {
    const port = one.tcp?.destinationPort ?? one.udp?.destinationPort;
    const end = `${one.destination}${port === undefined ? '' : ` ${one.tcp ? 'TCP' : 'UDP'} ${port}`}`;
    ends.set(end, [...(ends.get(end) ?? []), one]);
  }
  return [...ends]
    .map(([to, all]) => ({
      to,
      what: [
        ...ofTcp(all.filter(({ tcp }) => tcp)),
        ...ofUdp(all.filter(({ udp }) => udp)),
        ...ofIcmp(all.filter(({ icmp }) => icmp)),
      ]
        .sort()
        .join('; '),
    }))
    .sort((one, other) => (one.to < other.to ? -1 : 1));
}
