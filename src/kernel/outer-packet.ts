/** The packet that a tunnel of this host makes of what enters it, as the host's own rules meet it. */
import type { WireGuardPeer } from '../model/facts.ts';
import { type Hop, isTunnel } from '../model/path.ts';
import { exitHop, isHostAddress, linkNow, type Scene } from '../model/scene.ts';
import type { Link } from '../model/stack.ts';
import { isOfKind, NETFILTER } from './drops.ts';
import { decide } from './routing.ts';
import type { Packet } from './rule-clauses.ts';
import { describe, encapOf, ownEnd } from './tunnel.ts';
import { peerFor } from './wireguard.ts';

/** IP protocols as rules name them (/etc/protocols); the others travel in UDP. */
const PROTOCOLS: Readonly<Record<string, string>> = { gre: 'gre', ipip: 'ipencap', sit: 'ipv6' };

const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);

/** The tunnel by which the flow leaves, where its outer packet was dropped by a firewall after it had entered. */
export function outerDrop(scene: Scene): Hop | undefined {
  const hop = exitHop(scene);
  if (!hop || !isTunnel(hop.kind) || scene.place?.direction !== 'request' || !scene.drops.known)
    return undefined;
  const isDropped = scene.drops.value.some(
    (one) => one.device === hop.name && one.direction !== 'reply' && isOfKind(one, NETFILTER) === true,
  );
  return isDropped && scene.place.after?.id === hop.id ? hop : undefined;
}

export interface OuterPacket extends Packet {
  readonly out: string;
  /** The router on its way. */
  readonly gateway: string | null;
}

/** Null where the tunnel does not say to whom it sends, or no route leads there. `end`: whom its forwarding entries name. */
export function outerPacket(
  scene: Scene,
  hop: Hop,
  peers: readonly WireGuardPeer[] = [],
  end: string | null = null,
): OuterPacket | null {
  const link: Link = linkNow(scene, hop) ?? hop.link;
  const endpoint = peerFor(peers, link.name, scene.path.realDestination)?.endpoint;
  const [, host, port] = /^\[?([^\]]+)\]?:(\d+)$/.exec(endpoint ?? '') ?? [];
  const encap = encapOf(scene, link);
  const { remote: given } = describe(link, encap);
  const remote = given ?? host ?? end;
  if (remote === null) return null;
  const family = remote.includes(':') ? 6 : 4;
  const local = ownEnd(link) ?? encap?.source ?? null;
  const found = decide(scene.stacks.host, { family, destination: remote, source: local, iif: null });
  if (found.kind !== 'route' || found.route.dev === null) return null;
  const { dev: out, gateway, source } = found.route;
  return {
    source: local ?? source ?? '',
    destination: remote,
    in: null,
    out,
    gateway,
    proto: PROTOCOLS[link.kind] ?? 'udp',
    sourcePort: null,
    destinationPort: number(link.data.port) ?? (port === undefined ? null : Number(port)),
    isLocal: (address) => isHostAddress(scene, address),
  };
}
