/**
 * The one interface to the machine. The real one runs programs and opens sockets; the recorder writes down what the
 * real one answered; the replayer answers from a recording, on any machine and without root.
 */
import type { Answer } from '../model/answer.ts';
import type { Command, Netns } from '../model/netns.ts';
import type { SocketState } from '../model/socket.ts';
import type { Capture, CaptureEngine, CaptureEvent, CapturePoint, Tracing } from './capture/watching.ts';
import type { Clock } from './clock.ts';
import type { KernelTold } from './kernel-told.ts';
import type { FirstLinks, IpEntry, NetworkTold, RouteAsked, RouteTold } from './network-told.ts';
import type { PacketFrame, PacketPlan, PacketSocket } from './packet-socket.ts';
import type { ProbeSocket, SocketEvent, SocketSpec } from './probe-socket.ts';
import type { TraceFilters } from './trace/event.ts';

export type {
  Capture,
  CaptureEngine,
  CaptureEvent,
  CapturePoint,
  Frame,
  Traced,
  Tracing,
} from './capture/watching.ts';
export type { ChainTold, KernelTold, ListenerTold, QueueTold, TrackedAsked } from './kernel-told.ts';
export type { FirstLinks, IpEntry, NetworkTold, RouteAsked, RouteTold } from './network-told.ts';
export type { PacketFrame, PacketPlan, PacketSocket } from './packet-socket.ts';
export type { Mark, ProbeSocket, SocketEvent, SocketSpec } from './probe-socket.ts';
export type { TraceEvent, TraceFilters } from './trace/event.ts';

export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

export interface RunOptions {
  readonly input?: string;
  /** Milliseconds; 5000 unless told. */
  readonly timeout?: number;
  /** Ends it before that. */
  readonly signal?: AbortSignal;
  /** Environment on top of netdoctor's own; LC_ALL is always C. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A long-lived program whose lines are read as they come. */
export interface Running {
  /** Writes to its standard input. */
  write(text: string): void;
  /** Ends it (SIGTERM, then SIGKILL) and resolves when it is gone. */
  stop(): Promise<void>;
  /** Resolves with its exit code when it ends by itself or is stopped. */
  readonly ended: Promise<number | null>;
}

/** A decoded message of the kernel's nf_tables trace (NFNLGRP_NFTRACE). */
export interface TraceMessage {
  readonly netns: Netns | null;
  readonly at: bigint;
  readonly id: number;
  readonly type: 'policy' | 'return' | 'rule';
  readonly family: number;
  readonly table: string;
  readonly chain: string;
  readonly handle: number | null;
  /** nf_tables verdict code: 0 drop, 1 accept, -1 continue, -3 jump, -4 goto, -5 return … */
  readonly verdict: number | null;
  readonly jump: string | null;
  readonly policy: number | null;
  readonly ingress: number | null;
  readonly egress: number | null;
  /** First bytes of the network and transport header, where the kernel sends them. */
  readonly network: Uint8Array | null;
  readonly transport: Uint8Array | null;
  readonly mark: number | null;
}

export interface TraceListener {
  /** Hands over at once what the kernel has told already, as far as one turn goes; false when nothing is left. */
  look(): boolean;
  /** How often the kernel had more to tell than could be kept until it was read. */
  overruns(): number;
  stop(): void;
}

/** Something has changed in a namespace's network. */
export interface StateNote {
  /** `any`: more than could be told. */
  readonly kind:
    | 'link'
    | 'address'
    | 'route'
    | 'rule'
    | 'neighbour'
    | 'queueing'
    | 'setting'
    | 'firewall'
    | 'any';
  /** Something was taken away; false: it was added or is another now, or that is not told. */
  readonly gone: boolean;
  /** Nanoseconds of CLOCK_MONOTONIC: when it was heard, which is at once. */
  readonly at: bigint;
}

/** Files that stay open. */
export interface HeldFiles {
  /** Of each file all that is in it, up to 64 KiB; null: it is not there, or cannot be read. */
  read(): readonly (string | null)[];
  close(): void;
}

export interface StateListener {
  stop(): void;
}

/** A link of another namespace, by the id that namespace has here. */
export interface EndName {
  readonly nsid: number;
  readonly ifindex: number;
}

export interface FarEnd {
  readonly name: string;
  readonly mac: string | null;
  /** With prefix length. */
  readonly addresses: readonly string[];
}

/** A link, as far as the kernel tells it without a program. */
export interface BriefLink {
  readonly ifindex: number;
  readonly name: string;
  /** As `ip -d link` names it; `ether` for a device without link info, `loopback`. */
  readonly kind: string;
  /** Null where only its far end was asked about it. */
  readonly up: boolean | null;
  /** ifindex of the bridge or bond it is a port of. */
  readonly master: number | null;
  /** IFLA_LINK and IFLA_LINK_NETNSID, null where the kernel omits them. */
  readonly link: number | null;
  readonly nsid: number | null;
  /** With prefix length. */
  readonly addresses: readonly string[];
}

/** A link of another namespace, as far as it is told without entering that one. */
export type FarLink = Pick<BriefLink, 'ifindex' | 'name' | 'addresses'>;

/** A lock that was taken, or the process that holds it. */
export type Lock = { readonly release: () => void } | { readonly holder: number | null };

/** What a file must be to be read, besides a regular one. */
export interface ForeignRules {
  /** Bytes; 64 KiB unless told. */
  readonly most?: number;
  /** User id that it must belong to. */
  readonly owner?: number;
  /** Nobody but root, or the person who runs netdoctor, writes where it stands: a symbolic link is followed. */
  readonly trusted?: boolean;
}

/** Two paths of the same device and inode are one file, or one namespace. */
export interface FileIdentity {
  readonly device: number;
  readonly inode: number;
  readonly owner: number;
  /** Absent in recordings that were made before it was asked. */
  readonly group?: number;
  /** Permission bits. */
  readonly mode: number;
}

export interface Machine extends Clock {
  /** Runs a program to its end; an exit code other than 0 is an answer too. */
  run(command: Command, options?: RunOptions): Promise<Answer<Output>>;
  /** Starts a program and hands over its lines of standard output (and standard error, marked). */
  start(command: Command, onLine: (line: string, from: 'stdout' | 'stderr') => void): Running;
  /** Hands over the lines of a kernel file that never ends (trace_pipe), as they come. */
  follow(file: string, onLine: (line: string) => void): Answer<{ stop(): void }>;
  /** Reads a small file, inside a namespace when told (only /proc/net and /proc/sys follow it). */
  read(file: string, where?: Netns | null): Answer<string>;
  /** Reads a small file that a container or an ordinary user could have written, or put another thing in its place. */
  readForeign(file: string, rules?: ForeignRules): Answer<string>;
  /** What a path leads to, links followed. */
  identity(file: string): Answer<FileIdentity>;
  /** Names in a directory. */
  list(directory: string, where?: Netns | null): Answer<readonly string[]>;
  /** Refused where others than root and this user may change the file, a folder above it, or a link on the way. */
  ownedAlone(file: string): Answer<void>;
  /** Where a symbolic link leads, one step. */
  link(file: string): Answer<string>;
  /** The namespace behind a path such as /proc/PID/ns/net or /run/netns/NAME. */
  netns(path: string): Answer<Netns>;
  /** The id by which links of `seenFrom` name the namespace `of`; null where none leads there. */
  nsid(of: Netns, seenFrom: Netns | null): Answer<number | null>;
  /** The same of many namespaces, each with its own answer. */
  nsids(of: readonly Netns[], seenFrom: Netns | null): Answer<readonly Answer<number | null>[]>;
  /** The links of namespaces by their ids in `seenFrom`, null for one that is not told of; none is entered, no program is run. */
  linksBehind(
    seenFrom: Netns | null,
    nsids: readonly number[],
  ): Answer<readonly (readonly FarLink[] | null)[]>;
  /** What the links at the far ends of `seenFrom`'s veths are, null for one that is not there; no program is run. */
  farEnds(seenFrom: Netns | null, ends: readonly EndName[]): Answer<readonly (FarEnd | null)[]>;
  /** The TCP and UDP sockets of a namespace; no program is run. */
  sockets(where: Netns | null): Answer<readonly SocketState[]>;
  /** The links of a namespace; no program is run. */
  linksIn(where: Netns | null): Answer<readonly BriefLink[]>;
  /**
   * The network of a namespace, without a program; not known where iproute2 has to be asked. `near`: indexes of links that are
   * told anew where other ports may be as they were a moment ago, of which the kernel has told no change.
   */
  networkIn(where: Netns | null, near?: readonly number[], first?: FirstLinks): Answer<NetworkTold>;
  /** Ports of the link of this index, so many of them at most. */
  portsOf(where: Netns | null, master: number, most: number): Answer<readonly IpEntry[]>;
  /** Has a thread be told this host's links, for the next `networkIn` of it with `near`; null where they are few. */
  linksAhead(): Promise<void> | null;
  /** The kernel's routing decision for one packet; no program is run. Not known where iproute2 has to be asked. */
  routeIn(where: Netns | null, asked: RouteAsked): Answer<RouteTold>;
  /** By which expressions rules choose among packets (`numgen`, `statistic`, …); no program is run. */
  balancingIn(where: Netns | null): Answer<readonly string[]>;
  /** What a program would print, where the kernel tells it: not known where that program has to be asked. */
  kernelTells<W extends keyof KernelTold>(
    what: W,
    where: Netns | null,
    asked: KernelTold[W]['asked'],
  ): Answer<KernelTold[W]['told']>;
  /** A GET over a unix socket, JSON decoded. */
  request(
    socket: string,
    path: string,
    signal?: AbortSignal,
  ): Promise<Answer<{ readonly status: number; readonly body: unknown }>>;
  /** `trace`: what of the kernel's own tracepoints is to be told as well. */
  capture(
    points: readonly CapturePoint[],
    onEvent: (event: CaptureEvent) => void,
    trace?: TraceFilters,
  ): Capture;
  /** Watches the interfaces of a namespace with one socket, those included that come to exist later. */
  packets(where: Netns | null, plan: PacketPlan, onFrame: (frame: PacketFrame) => void): Answer<PacketSocket>;
  /** Starts the capture process ahead of time, and ends it again when it was not needed; `trace` as of `capture`, if so. */
  warmCapture(trace?: boolean): void;
  coolCapture(): void;
  /**
   * Has the capture process remove this tracing instance, by its name, should this process end before it does. Resolves when
   * it may be made.
   */
  guardInstance(name: string): Promise<void>;
  /** It has been removed. */
  releaseInstance(name: string): void;
  /** Opens and binds; throws nothing: a refusal is an answer. */
  open(spec: SocketSpec, onEvent: (event: SocketEvent) => void): Answer<ProbeSocket>;
  /** Listens to the nf_tables trace of a namespace. */
  listenTrace(netns: Netns | null, onMessage: (message: TraceMessage) => void): Answer<TraceListener>;
  /** Keeps files of a namespace open that are read again and again, as those of /proc/sys. */
  hold(files: readonly string[], where: Netns | null): HeldFiles;
  /** Listens to what the kernel tells of changes in a namespace's network. */
  listenState(netns: Netns | null, onNote: (note: StateNote) => void): Answer<StateListener>;
  /** Does any BPF program decide about the sockets of this cgroup2 directory? */
  cgroupPrograms(cgroup: string): Answer<boolean>;
  /** Path of a tracefs: the machine's own, or a detached mount that goes with this process. */
  tracefs(): Answer<string>;
  /** Writes a file whole (repair, journal, tracefs); parents are made. */
  write(
    file: string,
    text: string,
    options?: {
      readonly mode?: number;
      readonly append?: boolean;
      readonly sync?: boolean;
      readonly whole?: boolean;
    },
  ): Answer<void>;
  remove(file: string): Answer<void>;
  /** `write` and `remove` off the main thread, for kernel files whose writing waits. */
  writeLater(file: string, text: string): Promise<Answer<void>>;
  removeLater(directory: string): Promise<Answer<void>>;
  makeDirectory(directory: string): Answer<void>;
  /** Takes the lock that this file stands for; the kernel gives it back when the process ends, however it ends. */
  lock(file: string): Answer<Lock>;
  /** Starts a program that lives on without this one and its terminal; gives its pid. */
  detach(command: Command): Answer<number>;
  /** A whole number from `min` to below `max`, that nobody else is likely to draw. */
  random(min: number, max: number): number;
  /** Does the process live that had this pid and start time? */
  alive(pid: number, started: string): boolean;
  readonly uid: number;
  readonly pid: number;
  /** When this process started, in clock ticks since boot: with the pid it names one process for good. proc_pid_stat(5). */
  readonly started: string;
  /** How the kernel's trace is had: by perf events beside the captures, or by an instance of tracefs. */
  readonly tracing: Tracing;
  /** How interfaces are watched, where the machine lets it. */
  readonly engine: CaptureEngine;
  /** The namespace netdoctor runs in. */
  readonly self: Netns;
  readonly env: Readonly<Record<string, string | undefined>>;
}
