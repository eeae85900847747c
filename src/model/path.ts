import type { Ending, Origin } from './flow.ts';
import type { Netns } from './netns.ts';
import type { Link } from './stack.ts';

export type Where = 'container' | 'host' | 'other';

const TUNNEL = /^(vxlan|geneve|gre|ipip|sit|tun|wireguard)$/;

/** Tunnels keep their own kind in a path; everything else that leads out of this host is its uplink. */
export const isTunnel = (kind: string): boolean => TUNNEL.test(kind);

/** The hops of the line and those beside it, where packets of the same flow may leave: all that is watched. */
export const watched = ({
  hops,
  branches,
}: {
  readonly hops: readonly Hop[];
  readonly branches?: readonly Hop[] | undefined;
}): readonly Hop[] => (branches ? [...hops, ...branches] : hops);

/** Is this the interface by which packets leave the host? */
export const leadsOut = ({ where, kind }: Pick<Hop, 'where' | 'kind'>): boolean =>
  where === 'host' && (kind === 'uplink' || isTunnel(kind));

/** Names of the host's own interfaces on the way. */
export const namesOnHost = (hops: readonly Pick<Hop, 'where' | 'name'>[]): string[] =>
  hops.filter(({ where }) => where === 'host').map(({ name }) => name);

/** One interface a packet crosses. */
export interface Hop {
  /** Unique in a path: `container/eth0`, `host/docker0`. */
  readonly id: string;
  readonly name: string;
  readonly where: Where;
  /** `veth`, `bridge`, `uplink`, `macvlan`, `vxlan`, `loopback`, `gap`, … */
  readonly kind: string;
  readonly link: Link;
  readonly netns: Netns | null;
  /** A few words for the screen: `port of docker0`. */
  readonly about: string;
  /**
   * It is crossed again: a gateway with one leg takes and gives by the same interface. A packet on its way to the gateway and
   * one on its way from it differ by their time to live.
   */
  readonly twice?: true;
}

/**
 * What lies between two sightings, in the order a request meets them.
 * `send`: the source's own stack · `wire`: from one end of a veth to the other · `port`: from a port into its bridge ·
 * `bridge`: from port to port · `forward`: routed from one interface to another · `deliver`: into the stack of the
 * destination · `beyond`: past the last interface of this host.
 */
export type StageKind = 'send' | 'wire' | 'port' | 'bridge' | 'forward' | 'deliver' | 'beyond';

/** What a route says of the tunnel: ip-route(8), ENCAP_IP. */
export interface Encap {
  /** VNI of VXLAN and Geneve, key of GRE. */
  readonly id: number;
  /** Null: the kernel chooses. */
  readonly source: string | null;
  readonly destination: string | null;
}

/** The kernel's own routing decision for the flow, as `ip route get` gives it. */
export interface Decision {
  readonly known: boolean;
  /** The kernel's refusal, when it refuses: `Network is unreachable`, `No route to host`, … */
  readonly refusal: string | null;
  readonly dev: string | null;
  readonly gateway: string | null;
  readonly source: string | null;
  readonly table: string | null;
  /** `local`, `unicast`, `broadcast`, … */
  readonly type: string | null;
  /** Who set the route, as IPv6 tells it: `ra`, `static`, … */
  readonly protocol?: string;
  /** The tunnel that the route names for its packets, where the device has none of its own (`encap ip`). */
  readonly encap?: Encap;
  /** An ICMP redirect that is remembered decides, and no route. */
  readonly redirected?: true;
  readonly argv: readonly string[];
}

export interface Gap {
  /** Hop id after which the path has a gap, or null at the very start. */
  readonly after: string | null;
  readonly kind: 'no-interface' | 'no-route' | 'no-peer' | 'ambiguous-peer' | 'no-master' | 'no-uplink';
  readonly says: string;
}

/** An interface beside the line, and the next hop that a packet which leaves by it is handed to. */
export interface Branch extends Hop {
  readonly gateway: string | null;
}

/** The way a request takes through this host, as asked of the kernel. */
export interface Path {
  readonly hops: readonly Hop[];
  /** stages[i] is what lies before hops[i]; the last one lies after the last hop. */
  readonly stages: readonly StageKind[];
  readonly origin: Origin;
  readonly ending: Ending;
  readonly gaps: readonly Gap[];
  /** By which other interfaces of this host packets of the same flow may leave: the further next hops of a multipath route. */
  readonly branches?: readonly Branch[];
  /** The user whose packets they are, where that is not root. */
  readonly uid?: number;
  /** The source's own decision. */
  readonly sourceRoute: Decision;
  /** The host's decision for a packet that arrives from the container; null where nothing is forwarded. */
  readonly hostRoute: Decision | null;
  /** Source address of the request as it leaves its source. */
  readonly sourceAddress: string | null;
  /** Destination after DNAT, as far as it is known before the probe. */
  readonly realDestination: string;
  readonly realPort?: number | null;
}
