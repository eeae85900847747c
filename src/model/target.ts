import type { Netns } from './netns.ts';

/** A network of the runtime that a target is attached to. */
export interface Network {
  readonly name: string;
  readonly driver: string;
  /** Host bridge of the network, when the runtime names or implies one. */
  readonly bridge: string | null;
  readonly subnets: readonly string[];
  readonly gateways: readonly string[];
  /** Addresses of the target on it, without prefix length. */
  readonly addresses: readonly string[];
  readonly mac: string | null;
  readonly internal: boolean;
  /** May containers of the network talk to each other (Docker's icc, podman's isolate)? */
  readonly icc: boolean;
  /** Is the network meant to be NATed on its way out? */
  readonly masquerade: boolean;
  /** The same for IPv6, where the runtime decides it apart. */
  readonly masquerade6?: boolean;
  readonly options: Readonly<Record<string, string>>;
}

export interface PublishedPort {
  readonly proto: string;
  readonly hostAddress: string;
  readonly hostPort: number;
  readonly containerPort: number;
}

/** A program that reads and writes the frames of an interface itself. */
export interface OwnStack {
  readonly dev: string;
  /** Name and pid; null where they could not be seen. */
  readonly program: string | null;
}

/** What a person named: a container, a namespace or a process, and where its network lives. */
export interface Target {
  readonly runtime: string;
  readonly name: string;
  readonly id: string | null;
  readonly pid: number | null;
  readonly netns: Netns;
  /** Shares netdoctor's own (the host's) network namespace. */
  readonly hostNetwork: boolean;
  /** Network mode in the runtime's words: `bridge`, `none`, `host`, `container:ID`. */
  readonly mode: string | null;
  readonly networks: readonly Network[];
  readonly ports: readonly PublishedPort[];
  /** Whom the runtime's own resolver asks, where it was told. */
  readonly nameservers?: readonly string[];
  /** resolv.conf as seen from the host's file system. */
  readonly resolvConf: string | null;
  /** A few words about it: `docker 28.2, network "bridge"`. */
  readonly about: string;
  /** It brings a network stack of its own, so that the kernel's in its namespace tells nothing of its packets. */
  readonly ownStack?: OwnStack;
}

/** A line of `netdoctor containers` and of the picker. */
export interface Candidate {
  readonly runtime: string;
  readonly name: string;
  readonly id: string | null;
  readonly state: string;
  readonly pid: number | null;
  readonly addresses: readonly string[];
  readonly networks: readonly string[];
  /** Where its runtime lists them. */
  readonly ports?: readonly PublishedPort[];
}
