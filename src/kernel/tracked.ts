/** Reading the host's connection-tracking entries of the flow. */
import type { Conntrack, RuleHit, Tracked } from '../model/facts.ts';
import type { Scene } from '../model/scene.ts';

type Seen = Scene & { readonly conntrack: Conntrack };

/**
 * Entries of this flow: from its source to its destination and port. Where the probes' source ports are known, by captures or
 * by their sockets, only entries of these are their own; others are conversations of somebody else.
 */
export function entriesOf(scene: Seen): Tracked[] {
  const { flow, path } = scene;
  const first = path.hops[0];
  const shown = scene.sightings.flatMap((one) =>
    one.kind === 'request' && one.hop === first?.id && one.sourcePort !== null ? [one.sourcePort] : [],
  );
  const ports = new Set(shown.length > 0 ? shown : flow.from === 'outside' ? [] : scene.ports);
  return scene.conntrack.entries.filter(
    ({ original }) =>
      original.destination === flow.address &&
      (flow.port === null || original.destinationPort === flow.port) &&
      (path.sourceAddress === null || flow.from === 'outside' || original.source === path.sourceAddress) &&
      (ports.size === 0 || original.sourcePort === null || ports.has(original.sourcePort)),
  );
}

/** Seconds that the kernel keeps it if nothing more comes: the third word of a line of conntrack(8); null where it has none. */
export function secondsLeft({ text }: Tracked): number | null {
  const left = Number(text.split(' ')[2] ?? Number.NaN);
  return Number.isInteger(left) ? left : null;
}

/** How long an entry lasts behind its last packet, as long as nothing came back: nf_conntrack-sysctl.rst. */
const LASTS: Readonly<Record<string, string>> = {
  tcp: 'nf_conntrack_tcp_timeout_syn_sent',
  udp: 'nf_conntrack_udp_timeout',
  icmp: 'nf_conntrack_icmp_timeout',
  icmpv6: 'nf_conntrack_icmpv6_timeout',
};

/**
 * The setting of net.netfilter that says it; undefined where none does. Datagrams that go both ways for two seconds are kept for
 * longer from then on, and the entry is called assured: nf_conntrack_udp_packet(), net/netfilter/nf_conntrack_proto_udp.c.
 */
export function lastsBy({ proto, flags }: Tracked): string | undefined {
  if (proto === 'udp' && flags.includes('ASSURED')) return 'nf_conntrack_udp_timeout_stream';
  return proto === 'udp' || flags.includes('UNREPLIED') || proto.startsWith('icmp')
    ? LASTS[proto]
    : undefined;
}

/** Where the entry takes the request: the address and port that its answer must come from. */
export const takenTo = (entry: Tracked): { address: string; port: number | null } => ({
  address: entry.reply.source,
  port: entry.reply.sourcePort,
});

export const destinationRewritten = (entry: Tracked): boolean =>
  entry.reply.source !== entry.original.destination ||
  entry.reply.sourcePort !== entry.original.destinationPort;

export const sourceRewritten = (entry: Tracked): boolean => entry.reply.destination !== entry.original.source;

const ports = (names: [string, string], values: [number | null, number | null]): string[] =>
  names.flatMap((name, index) => (values[index] === null ? [] : [name, String(values[index])]));

/** The arguments that name exactly this entry to conntrack(8). */
export function namesEntry({ proto, original }: Tracked): string[] {
  return [
    ...['-p', proto, '--orig-src', original.source, '--orig-dst', original.destination],
    ...ports(['--orig-port-src', '--orig-port-dst'], [original.sourcePort, original.destinationPort]),
  ];
}

/** The arguments that make it again, for 30 seconds. */
export function makesEntry(entry: Tracked): string[] {
  const { reply } = entry;
  return [
    ...namesEntry(entry),
    ...['--reply-src', reply.source, '--reply-dst', reply.destination],
    ...ports(['--reply-port-src', '--reply-port-dst'], [reply.sourcePort, reply.destinationPort]),
    ...['--timeout', '30'],
    ...(entry.proto === 'tcp' ? ['--state', 'ESTABLISHED'] : []),
  ];
}

/** What only a chain of type nat may say, by nft and by iptables. */
const TRANSLATES = /\b(dnat|snat|masquerade|redirect)\b|-j (NETMAP|REDIRECT|MASQUERADE|[DS]NAT)\b/;

const isOfNat = ({ engine, table, text }: RuleHit['rule']): boolean =>
  (engine !== 'nft' && table === 'nat') || TRANSLATES.test(text);

/**
 * Was the entry made by the probe itself? Chains of type nat are asked for the first packet of a flow alone (nf_nat_inet_fn,
 * net/netfilter/nf_nat_core.c): a packet that met one had no entry until then.
 */
export const isMadeNow = ({ original }: Tracked, hits: readonly RuleHit[]): boolean =>
  hits.some(
    ({ rule, by, direction, side, packet }) =>
      side === 'host' &&
      by === 'trace' &&
      direction === 'request' &&
      isOfNat(rule) &&
      (packet === undefined ||
        packet.sourcePort === null ||
        original.sourcePort === null ||
        packet.sourcePort === original.sourcePort),
  );
