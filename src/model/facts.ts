/** What a cause may ask for beyond the scene itself. One file in discover/facts/ gathers each. */
import type { EndingChain } from './ending-chain.ts';
import type { Rule } from './evidence.ts';
import type { LookUp } from './look-up.ts';
import type { OpenFiles } from './open-files.ts';
import type { Decision } from './path.ts';
import type { Residents } from './resident.ts';
import type { Direction } from './sighting.ts';
import type { Holder, SocketState } from './socket.ts';
import type { Link } from './stack.ts';
import type { TcpBeside } from './tcp-beside.ts';

export type Side = 'container' | 'host' | 'other';

/** Sysctl values by dotted key (`net.ipv4.conf.br0.forwarding`), for each namespace of the path. */
export interface Sysctls {
  readonly container: Readonly<Record<string, string>>;
  readonly host: Readonly<Record<string, string>>;
  readonly other: Readonly<Record<string, string>>;
}

/** Every firewall rule of a namespace, in the order its engine lists them; a chain's policy has `number: null`. */
export interface Firewall {
  readonly container: readonly Rule[];
  readonly host: readonly Rule[];
  readonly other: readonly Rule[];
}

export interface Tuple {
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number | null;
  readonly destinationPort: number | null;
}

/** A connection-tracking entry of the host that belongs to the probe. */
export interface Tracked {
  readonly proto: string;
  readonly original: Tuple;
  readonly reply: Tuple;
  /** `UNREPLIED`, `ASSURED`, … */
  readonly flags: readonly string[];
  readonly text: string;
}

export interface Conntrack {
  readonly entries: readonly Tracked[];
  readonly count: number | null;
  readonly max: number | null;
}

/** A traffic-control filter or qdisc on an interface of the path. */
export interface TrafficControl {
  readonly hop: string;
  readonly kind: 'filter' | 'qdisc';
  readonly direction: 'ingress' | 'egress';
  readonly text: string;
  readonly drops: number | null;
  /** Packets that wait in a queue. */
  readonly held?: number;
  readonly argv: readonly string[];
}

export interface Listener {
  readonly side: Side;
  readonly proto: 'tcp' | 'udp';
  readonly family: 4 | 6;
  /** `0.0.0.0`, `::`, `*` (both families), or one address. */
  readonly address: string;
  readonly port: number;
  /** The interface that it is bound to (SO_BINDTODEVICE, or the zone of a link-local address); absent: to none. */
  readonly device?: string;
  readonly process: string | null;
  /** Connections waiting to be accepted, and the most that may (ss Recv-Q, Send-Q of a listener). */
  readonly backlog: number;
  readonly backlogMax: number;
}

/** A UDP socket that is connected: it takes the datagrams of its peer alone. udp(7), connect(2). */
export interface Connected extends Pick<Listener, 'side' | 'address' | 'port' | 'process'> {
  readonly peer: { readonly address: string; readonly port: number };
}

export interface FdbEntry {
  readonly mac: string;
  readonly dev: string;
  readonly master: string | null;
  readonly flags: readonly string[];
  readonly state: string | null;
  readonly vlan: number | null;
  readonly dst: string | null;
}

export interface VlanMembership {
  readonly dev: string;
  readonly vlan: number;
  readonly flags: readonly string[];
}

export interface XfrmPolicy {
  readonly text: string;
  readonly direction: string;
  readonly action: string;
  readonly source: string;
  readonly destination: string;
  readonly template: boolean;
}

/** A peer of a WireGuard interface of the path. */
export interface WireGuardPeer {
  readonly dev: string;
  /** Its public key. */
  readonly key: string;
  /** `192.0.2.2:51820`; null: not known, until it is heard of. */
  readonly endpoint: string | null;
  /** CIDRs: what it is sent, and what it may send. */
  readonly allowed: readonly string[];
  /** Seconds since the last handshake; null: there was none. */
  readonly handshake: number | null;
}

/** A service that the host's IPVS balances: ipvsadm(8). */
export interface VirtualService {
  readonly proto: 'tcp' | 'udp' | 'sctp';
  readonly address: string;
  readonly port: number;
  readonly servers: readonly {
    readonly address: string;
    readonly port: number;
    /** `Masq`: rewritten to its address; `Route`, `Tunnel`, `Local`: sent there as it is. */
    readonly forward: string;
    /** 0: it gets no new connections. */
    readonly weight: number;
  }[];
}

export interface CgroupProgram {
  readonly id: number;
  readonly attach: string;
  readonly name: string;
  /** The directory it is attached to: the target's own, or one above it. */
  readonly cgroup: string;
  /** `multi` or `override` where it was attached so, as bpftool takes them. */
  readonly flags?: string;
}

/** What resolv.conf of the container says. */
export interface Resolver {
  readonly file: string;
  /** Why the container's own process cannot read it: it goes by the defaults then. */
  readonly denied?: string;
  readonly nameservers: readonly string[];
  /** Words in the place of a server that are no address: the C library passes over them. */
  readonly ignored?: readonly string[];
  /** A server's line ends in CR and LF: glibc takes the CR for a part of the address. Absent: none does. */
  readonly returns?: true;
  readonly search: readonly string[];
  readonly options: readonly string[];
}

/** Credentials and surroundings of the container's first process, from /proc/PID. */
export interface ProcessFacts {
  readonly capabilities: readonly string[];
  readonly seccomp: number | null;
  /** Can it get no more rights, by no program that it starts? prctl(2), PR_SET_NO_NEW_PRIVS */
  readonly noNewPrivileges?: boolean;
  readonly proxies: Readonly<Record<string, string>>;
  readonly pingGroupRange: string | null;
  /** May a program of it open any socket that pings, by capability or by group? Null: not known. */
  readonly mayPing: boolean | null;
  /** The label that AppArmor, SELinux or Smack gave it; null: none. */
  readonly label: string | null;
}

/** A member of the target's layer-2 segment: another port's far end, or the bridge itself. */
export interface Member {
  readonly port: string | null;
  readonly name: string;
  readonly mac: string | null;
  readonly addresses: readonly string[];
  readonly namespace: string | null;
}

/** Ends of a packet at a hook. */
export interface MetPacket extends Tuple {
  /** ifindex of the interfaces it came in by and leaves by; null where it has none there. */
  readonly ingress: number | null;
  readonly egress: number | null;
}

/** A rule that a packet of the probe met, in time. */
export interface RuleHit {
  readonly side: Side;
  readonly rule: Rule;
  /** `drop`, `accept`, `jump X`, `return`, `continue`, `policy drop`, … */
  readonly verdict: string;
  readonly direction: Direction;
  readonly probe: number;
  /** Microseconds since the first probe left. */
  readonly at: number;
  /** How it was found: the kernel's own trace, or counters that grew with the probe. */
  readonly by: 'trace' | 'counters';
  /** The packet's mark when the rule had done its work; 0: none. Absent where only counters tell. */
  readonly mark?: number;
  /** The packet as this hook met it, behind whatever NAT had made of it before. */
  readonly packet?: MetPacket;
}

/** What of the socket that answers may decide where its answer goes. */
export interface Answerer {
  readonly uid?: number;
  readonly mark?: number;
}

/** Where the kernel would send the reply, asked before any reply exists. */
export interface ReplyRoute {
  /** Absent where somebody else's answer is passed on. */
  readonly by?: Answerer;
  readonly decision: Decision;
  /** The interface a reply should leave through: the one the request came in by. */
  readonly expected: string | null;
}

/** What the running kernel can still load. */
export interface KernelModules {
  readonly release: string;
  /** Does /lib/modules hold a directory for it? */
  readonly present: boolean;
  /** Other kernels that have one. */
  readonly others: readonly string[];
}

/** Sockets of the namespace that the flow begins in. */
export interface Sockets {
  readonly all: readonly SocketState[];
  /** Who holds those towards the flow's destination, by inode. */
  readonly holders: Readonly<Record<number, Holder>>;
}

/** A route of one IPv4 group. */
export interface MulticastRoute {
  readonly group: string;
  /** `0.0.0.0`: whoever sends. */
  readonly origin: string;
  /** By which interface it comes in, and by which it is carried on. */
  readonly from: string | null;
  readonly to: readonly string[];
}

/** Who has joined a group: behind a port of a bridge, or a program of this host on an interface. */
export interface Joined {
  readonly dev: string;
  readonly bridge: string | null;
}

/** What the host's multicast router has told the kernel, and who has joined the flow's group. */
export interface Multicast {
  readonly routes: readonly MulticastRoute[];
  readonly joined: readonly Joined[];
}

export interface Facts {
  sysctls: Sysctls;
  firewall: Firewall;
  conntrack: Conntrack;
  traffic: readonly TrafficControl[];
  listeners: readonly Listener[];
  connected: readonly Connected[];
  fdb: readonly FdbEntry[];
  vlans: readonly VlanMembership[];
  xfrm: readonly XfrmPolicy[];
  wireguard: readonly WireGuardPeer[];
  virtualServices: readonly VirtualService[];
  cgroup: readonly CgroupProgram[];
  resolver: Resolver;
  process: ProcessFacts;
  members: readonly Member[];
  residents: Residents;
  /** Rules met, from the rule witness or, without it, from counters. */
  ruleHits: readonly RuleHit[];
  replyRoute: ReplyRoute;
  modules: KernelModules;
  sockets: Sockets;
  multicast: Multicast;
  /** How the name was looked up, where the flow goes to a name or to a name server. */
  lookUp: LookUp;
  tcpBeside: TcpBeside;
  answeredAsItself: readonly Tracked[];
  openFiles: readonly OpenFiles[];
  endingChain: EndingChain;
  farTunnels: readonly Link[];
  leaseClient: Holder | null;
}

export type Need = keyof Facts;
