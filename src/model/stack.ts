/** The state of one namespace's network, as `ip -j -d` tells it, in our words. */
import type { Netns } from './netns.ts';

export interface Address {
  readonly family: 4 | 6;
  readonly address: string;
  readonly prefix: number;
  readonly scope: string;
  readonly peer: string | null;
  /** `tentative`, `dadfailed`, `deprecated`, … */
  readonly flags: readonly string[];
}

export interface BridgePort {
  readonly state: string;
  readonly isolated: boolean;
  readonly locked: boolean;
  readonly hairpin: boolean;
  readonly flood: boolean;
  readonly mcastFlood: boolean;
  readonly bcastFlood: boolean;
  readonly learning: boolean;
  readonly neighSuppress: boolean;
}

export interface Bridge {
  readonly stp: boolean;
  readonly vlanFiltering: boolean;
  readonly mcastSnooping: boolean;
  readonly mcastQuerier: boolean;
  readonly nfCallIptables: boolean;
}

export interface Link {
  readonly ifindex: number;
  readonly name: string;
  /** `veth`, `bridge`, `macvlan`, `vxlan`, `loopback`, `ether` for a device without link info, … */
  readonly kind: string;
  readonly up: boolean;
  /** LOWER_UP: null when the link is administratively down. */
  readonly carrier: boolean | null;
  readonly noarp: boolean;
  readonly mtu: number;
  readonly mac: string | null;
  readonly master: string | null;
  /** What its master is (IFLA_INFO_SLAVE_KIND): `bridge`, `bond`, `vrf`, … */
  readonly portOf?: string | null;
  /** IFLA_LINK and IFLA_LINK_NETNSID: the peer of a veth, the parent of a macvlan. Null where the kernel omits it. */
  readonly link: number | null;
  readonly linkName: string | null;
  readonly nsid: number | null;
  readonly addresses: readonly Address[];
  readonly port: BridgePort | null;
  readonly bridge: Bridge | null;
  /** XDP mode when a program is attached: `xdpgeneric`, `xdp`, … */
  readonly xdp: string | null;
  /** Id of that program, as bpftool(8) names it. */
  readonly xdpProgram?: number | null;
  readonly qdisc: string | null;
  /** `mode`, `id`, `remote`, … of macvlan, vxlan and others, as `info_data` gives them. */
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Route {
  readonly family: 4 | 6;
  /** CIDR; the default route is `0.0.0.0/0` or `::/0`. */
  readonly destination: string;
  /** Of IPv6: CIDR of the only sources it is for (RTA_SRC, CONFIG_IPV6_SUBTREES); absent: it is for every one. */
  readonly from?: string;
  readonly type: string;
  readonly gateway: string | null;
  readonly dev: string | null;
  readonly table: string;
  readonly metric: number;
  readonly source: string | null;
  readonly protocol: string | null;
  readonly scope: string | null;
  /** Of an IPv6 router, as it was advertised (RFC 4191); absent: medium, or none. */
  readonly preference?: 'high' | 'low';
  /** Seconds that it is good for yet; absent: it does not expire. */
  readonly expires?: number;
  /** The nexthop object that says where it leads (ip-nexthop(8)); `gateway` and `dev` are those of the object. */
  readonly nhid?: number;
  /** Share of a next hop of a multipath route; undefined for a route with one. */
  readonly weight?: number;
  /** `linkdown`, `dead`, `onlink`. */
  readonly flags: readonly string[];
}

/** For whatever no narrower route is for. */
export const isDefaultRoute = ({ destination }: Pick<Route, 'destination'>): boolean =>
  destination === '0.0.0.0/0' || destination === '::/0';

/** As ip-route(8) names where it leads. */
export const destinationName = (route: Pick<Route, 'destination'>): string =>
  isDefaultRoute(route) ? 'default' : route.destination;

export interface RoutingRule {
  readonly family: 4 | 6;
  readonly priority: number;
  readonly text: string;
  readonly table: string | null;
  readonly action: string | null;
}

export interface Neighbour {
  readonly address: string;
  readonly dev: string;
  readonly mac: string | null;
  /** `REACHABLE`, `FAILED`, `INCOMPLETE`, … several for a proxy entry. */
  readonly state: readonly string[];
  readonly proxy: boolean;
}

/** One namespace's network. */
export interface Stack {
  readonly netns: Netns | null;
  /** All of them. Where there are `first` ones, the kernel tells them when they are first read, which takes long. */
  readonly links: readonly Link[];
  /**
   * Of a large namespace, before anything is lost: those that are ports of nothing, that hold an address other than fe80::/10,
   * that lead to the target, and those that these are ports of and stand on.
   */
  readonly first?: readonly Link[];
  readonly routes: readonly Route[];
  readonly rules: readonly RoutingRule[];
  readonly neighbours: readonly Neighbour[];
}

/** Of those of which there can be but one. */
const theOne = (stack: Stack, is: (link: Link) => boolean): Link | undefined =>
  stack.first?.find(is) ?? stack.links.find(is);

export const linkNamed = (stack: Stack, name: string | null): Link | undefined =>
  name === null ? undefined : theOne(stack, (link) => link.name === name);

export const linkByIndex = (stack: Stack, ifindex: number): Link | undefined =>
  theOne(stack, (link) => link.ifindex === ifindex);

/** Those that can hold an address like this: all that do are among the first, but for those of fe80::/10. */
export const holdersLike = (stack: Stack, address: string): readonly Link[] =>
  stack.first && !/^fe[89ab].:/i.test(address) ? stack.first : stack.links;

/** The link that holds this address, of whatever prefix length. */
export const linkHolding = (stack: Stack, address: string): Link | undefined =>
  holdersLike(stack, address).find((link) => link.addresses.some((own) => own.address === address));

/** Does the namespace take packets for this address as its own? The whole of 127.0.0.0/8 is. */
export const isLocalAddress = (stack: Stack, address: string): boolean =>
  address.startsWith('127.') || address === '::1' || linkHolding(stack, address) !== undefined;

/**
 * One end of a cable between two namespaces: veth(4), or netkit (Linux 6.7, drivers/net/netkit.c), which eBPF networks
 * use in its place and which tells its other end alike.
 */
export const isPair = ({ kind }: Pick<Link, 'kind'>): boolean => kind === 'veth' || kind === 'netkit';

/**
 * The ifindex of such an end's other one: IFLA_LINK, which the kernel leaves out when both have the same
 * (rtnl_fill_ifinfo, net/core/rtnetlink.c).
 */
export const peerIndex = (end: Pick<Link, 'link' | 'ifindex'>): number => end.link ?? end.ifindex;

/** Does each name the other? An index alone is not unique between namespaces. */
export const isPeer = (one: Link, other: Link): boolean =>
  isPair(one) && isPair(other) && peerIndex(one) === other.ifindex && peerIndex(other) === one.ifindex;
