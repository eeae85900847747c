/**
 * What becomes of the flow's packets inside a tunnel: its outer packets with one of them in it, as they pass the interfaces of
 * this host, and the ICMP errors that quote outer packets. Those are for this host, whose kernel tells nobody inside of them.
 */
import ipaddr from 'ipaddr.js';
import type { Machine, PacketFrame } from '../host/machine.ts';
import { innerOffsets } from '../kernel/encapsulation.ts';
import type { Outer } from '../model/outer.ts';
import { type Hop, type Path, watched as watchedHops } from '../model/path.ts';
import { carried } from '../wire/carried.ts';
import { decodeNetwork, icmpError, type Packet } from '../wire/packet.ts';
import { recognise, type Watched } from './capture.ts';
import { type Names, namesIn } from './passages.ts';

export interface OuterWitness {
  /** What was seen until now, in time. `origin`: nanoseconds of CLOCK_MONOTONIC that the moments count from. */
  read(origin: bigint): readonly Outer[];
  stop(): Promise<unknown>;
}

/** Frames of one run that are its own, and the last of those that nothing known yet makes its own: strangers talk through it too. */
const MOST = 2000;
/** Outer headers, those of the inner packet, and what a probe is known by. Bytes. */
const SNAPLEN = 256;

/** IANA's protocol numbers of the outer packets, by the kind of tunnel; what WireGuard carries nobody can read. */
const PROTOCOLS: Readonly<Record<string, number>> = { vxlan: 17, geneve: 17, gre: 47, ipip: 4, sit: 41 };
/** Of those in UDP: RFC 7348, RFC 8926. */
const PORTS: Readonly<Record<string, number>> = { vxlan: 4789, geneve: 6081 };

export function armOuter(machine: Machine, path: Path, watched: readonly Watched[]): OuterWitness {
  const tunnels = watchedHops(path).flatMap((hop) => tunnelFrom(hop) ?? []);
  if (tunnels.length === 0) return { read: () => [], stop: async () => undefined };
  const names = namesIn(machine, 'host', null, watchedHops(path));
  const own: PacketFrame[] = [];
  /** The number by which a TCP frame is known may be learnt after it came. */
  const pending: PacketFrame[] = [];
  const plan = { filter: outerFilter(path, tunnels), snaplen: SNAPLEN };
  const socket = machine.packets(null, plan, (frame) => {
    if (seenOuter(frame, tunnels, watched, names, 0n)) {
      if (own.length < MOST) own.push(frame);
    } else if (pending.push(frame) > MOST) pending.shift();
  });
  return {
    read(origin) {
      if (socket.known) socket.value.look();
      return [...own, ...pending]
        .flatMap((frame) => seenOuter(frame, tunnels, watched, names, origin) ?? [])
        .sort((a, b) => a.at - b.at);
    },
    stop: async () => socket.known && socket.value.stop(),
  };
}

export interface Tunnel {
  readonly hop: string;
  readonly kind: string;
  readonly protocol: number;
  readonly port: number | null;
}

function tunnelFrom({ id, link }: Hop): Tunnel | undefined {
  const protocol = PROTOCOLS[link.kind];
  const given = link.data.port;
  const port = typeof given === 'number' && given > 0 ? given : PORTS[link.kind];
  return protocol === undefined ? undefined : { hop: id, kind: link.kind, protocol, port: port ?? null };
}

/** Errors first: a load past the end of a packet rejects it, whatever follows the `or`. Options of IPv4 nobody sends. */
export function outerFilter(path: Pick<Path, 'realDestination'>, tunnels: readonly Tunnel[]): string {
  const errors = tunnels.flatMap(({ protocol, port }) => [
    `((icmp[0] = 3 or icmp[0] = 11 or icmp[0] = 12) and icmp[17] = ${protocol}${port === null ? '' : ` and icmp[30:2] = ${port}`})`,
    `(ip6[6] = 58 and ip6[40] < 5 and ip6[54] = ${protocol}${port === null ? '' : ` and ip6[90:2] = ${port}`})`,
  ]);
  const inside = tunnels.flatMap(({ kind, protocol, port }) =>
    innerOffsets(kind).flatMap((between) => [
      `(ip[9] = ${protocol}${port === null ? '' : ` and ip[22:2] = ${port}`} and ${isOf('ip', 20 + between, path)})`,
      `(ip6[6] = ${protocol}${port === null ? '' : ` and ip6[42:2] = ${port}`} and ${isOf('ip6', 40 + between, path)})`,
    ]),
  );
  return [...errors, ...inside].join(' or ');
}

/** The inner packet, whose IP header begins there, is from the destination or for it. */
function isOf(outer: 'ip' | 'ip6', at: number, { realDestination }: Pick<Path, 'realDestination'>): string {
  const bytes = ipaddr.parse(realDestination.replace(/%.*$/, '')).toByteArray();
  const places = bytes.length === 4 ? [at + 12, at + 16] : [at + 8, at + 24];
  const words = Array.from({ length: bytes.length / 4 }, (_, word) =>
    Buffer.from(bytes).readUInt32BE(word * 4),
  );
  const held = places.map((place) =>
    words.map((word, index) => `${outer}[${place + 4 * index}:4] = ${word}`).join(' and '),
  );
  return `(${held.map((one) => `(${one})`).join(' or ')})`;
}

function seenOuter(
  frame: PacketFrame,
  tunnels: readonly Tunnel[],
  watched: readonly Watched[],
  names: Names,
  origin: bigint,
): Outer | undefined {
  const outer = decodeNetwork(frame.bytes, frame.protocol, null);
  const device = outer && names(frame.ifindex)?.name;
  if (!outer || device === undefined) return undefined;
  const { source, destination } = outer;
  const at = Number(frame.at - origin) / 1000;
  const says = icmpError(outer);
  const { quoted } = outer;
  if (says !== undefined && quoted) {
    const tunnel = tunnels.find((one) => isItsOwn(one, frame.bytes, quoted));
    const about = quoted.destination;
    return (
      tunnel && {
        ...{ tunnel: tunnel.hop, kind: 'error', probe: -1, at, device },
        ...{ heading: frame.direction, source, destination, says, about },
      }
    );
  }
  for (const { hop, kind } of tunnels) {
    const inner = carried(frame.bytes, kind);
    const recognised = inner && recognise(watched, inner);
    if (recognised && recognised.kind !== 'neighbour')
      return {
        ...{ tunnel: hop, kind: recognised.kind, probe: recognised.probe, at, device },
        ...{ heading: frame.direction, source, destination, says: recognised.says, about: null },
      };
  }
  return undefined;
}

/** Tunnels of several kinds may be on the way; the port tells two in UDP apart. `bytes`: the error, from its IP header on. */
const isItsOwn = ({ protocol, port }: Tunnel, bytes: Uint8Array, quoted: Packet): boolean =>
  quotedProtocol(bytes) === protocol && (port === null || quoted.udp?.destinationPort === port);

/** Behind the error's IP header, of which IPv4's tells its length, and eight bytes of ICMP: RFC 792, 4443. */
function quotedProtocol(bytes: Uint8Array): number | undefined {
  const first = bytes[0] ?? 0;
  return first >> 4 === 6 ? bytes[40 + 8 + 6] : bytes[(first & 15) * 4 + 8 + 9];
}
