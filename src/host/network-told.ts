/** A namespace's network as it is told without a program, in the words of iproute2. */

/** One object of what `ip -j -d` prints, with the keys that netdoctor reads. */
export type IpEntry = Readonly<Record<string, unknown>>;

/**
 * `NetworkTold.first` will do. `anew`: whatever was told of an earlier question stands no longer.
 */
export type FirstLinks = 'anew' | 'again';

/** A namespace's network in the words of `ip -j -d`. */
export interface NetworkTold {
  /** `address show` */
  readonly links: readonly IpEntry[];
  /**
   * Of a large namespace, where they were asked for first: those that are ports of nothing, that hold an address other than
   * fe80::/10, that were named, and those that these are ports of and stand on. `links` are told when they are read then.
   */
  readonly first?: readonly IpEntry[];
  /** `route show table all` */
  readonly routes: readonly IpEntry[];
  /** `rule show`; IPv6's are left out where no address could use them. */
  readonly rules4: readonly IpEntry[];
  readonly rules6: readonly IpEntry[];
  /** `neigh show`, and `neigh show proxy` */
  readonly neighbours: readonly IpEntry[];
  readonly proxies: readonly IpEntry[];
}

/** The packet that a routing decision is asked for, as `ip route get` is: ip-route(8). */
export interface RouteAsked {
  readonly to: string;
  readonly from: string | null;
  readonly iif: string | null;
  readonly oif: string | null;
  readonly mark: number | null;
  readonly uid: number | null;
  readonly protocol: 'icmp' | 'ipv6-icmp' | 'tcp' | 'udp' | null;
  readonly sourcePort: number | null;
  readonly port: number | null;
}

/** The route, or the kernel's words of refusal. */
export type RouteTold =
  | { readonly entry: IpEntry; readonly refusal: null }
  | { readonly entry: null; readonly refusal: string };
