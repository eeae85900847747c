/** What the kernel tells by netlink of what a program would print: the questions, and what answers each. No program is run. */

/** A chain of nf_tables. */
export interface ChainTold {
  /** NFPROTO_* of linux/netfilter.h. */
  readonly family: number;
  readonly table: string;
  readonly name: string;
  /** `prerouting`, `forward`, …; null for a chain that is jumped to. */
  readonly hook: string | null;
  /** How many rules it has, jumps to it counted too. */
  readonly rules: number;
}

/** Entries of connection tracking by their original direction. */
export interface TrackedAsked {
  readonly family: 4 | 6;
  readonly proto: 'tcp' | 'udp' | 'icmp' | 'icmpv6';
  /** Null: whoever asks. */
  readonly source: string | null;
  readonly destination: string;
}

/** A socket that takes what comes. */
export interface ListenerTold {
  readonly proto: 'tcp' | 'udp';
  readonly family: 4 | 6;
  /** `0.0.0.0`, `::`, `*` (both families), or one address. */
  readonly address: string;
  readonly port: number;
  /** Of the interface that it is bound to; 0: to none. */
  readonly ifindex: number;
  /** Of TCP connections that wait, and how many may; of UDP bytes. */
  readonly backlog: number;
  readonly backlogMax: number;
}

export interface QueueTold {
  readonly ifindex: number;
  /** `noqueue`, `fq_codel`, `clsact`, … */
  readonly kind: string;
}

/** The database of a bridge with all its ports, or of one device. */
export interface ForwardingAsked {
  readonly of: 'br' | 'dev';
  readonly ifindex: number;
}

/** An entry of a forwarding database; numbers that it does not have are null. */
export interface ForwardingTold {
  readonly mac: string;
  /** Of the port or tunnel that leads there, and of the bridge whose entry it is; null: it is the device's own. */
  readonly ifindex: number;
  readonly master: number | null;
  /** In the words of bridge(8): `self`, `router`, `extern_learn`, `offload`, `master`, `sticky`, `locked`. */
  readonly flags: readonly string[];
  /** `permanent`, `static`, `stale`, or a number; null: it was learned, and of late. */
  readonly state: string | null;
  readonly vlan: number | null;
  /** Of a tunnel: the far end, its port, the network's number there and here, and the interface that it is reached by. */
  readonly dst: string | null;
  readonly port: number | null;
  readonly vni: number | null;
  readonly sourceVni: number | null;
  readonly via: number | null;
  /** Of several far ends: ip-nexthop(8). */
  readonly nextHop: number | null;
}

/** What was learned of the way to one destination. */
export interface PathMtuTold {
  /** Bytes of IP; null: nothing was. */
  readonly mtu: number | null;
  /** How long that is kept yet. */
  readonly seconds: number;
}

export interface KernelTold {
  chains: { readonly asked: null; readonly told: readonly ChainTold[] };
  /** The handles of a chain's rules, in their order. */
  handles: {
    readonly asked: { readonly family: number; readonly table: string; readonly chain: string };
    readonly told: readonly number[];
  };
  /** A line of `conntrack -L` for each. */
  tracked: { readonly asked: TrackedAsked; readonly told: readonly string[] };
  listeners: { readonly asked: null; readonly told: readonly ListenerTold[] };
  /** How many IPsec policies there are. */
  policies: { readonly asked: null; readonly told: number };
  forwarding: { readonly asked: ForwardingAsked; readonly told: readonly ForwardingTold[] };
  /** Only the routes of the asked address alone: no mark, no user. */
  pathMtu: { readonly asked: { readonly to: string }; readonly told: PathMtuTold };
  queues: { readonly asked: null; readonly told: readonly QueueTold[] };
}
