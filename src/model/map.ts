/** How everything on a host hangs together: namespaces, links, and what leads from one to another. */

export interface MapNamespace {
  /** `host`, else its container's full name, its own, or a process: unique in a map. */
  readonly id: string;
  readonly inode: number;
  /** All that live in it: `docker:web`, `netns:red`. */
  readonly names: readonly string[];
}

export interface MapLink {
  /** `host/docker0`, `docker:web/eth0`: unique in a map. */
  readonly id: string;
  /** Id of the namespace it lives in. */
  readonly namespace: string;
  readonly name: string;
  readonly ifindex: number;
  readonly kind: string;
  /** Null where only its far end was asked about it. */
  readonly up: boolean | null;
  /** With prefix length. */
  readonly addresses: readonly string[];
  /** Id of the bridge or bond it is a port of. */
  readonly master: string | null;
  /** Id of the other end of a veth. */
  readonly peer: string | null;
  /** Id of the link it is built upon: the parent of a macvlan, a VLAN, a tunnel. */
  readonly over: string | null;
  /** Does a default route of the host leave by it, or is it a network card? */
  readonly uplink: boolean;
}

export interface MapPort {
  readonly proto: string;
  readonly hostAddress: string;
  readonly hostPort: number;
  /** Full name of the container, and its port. */
  readonly container: string;
  readonly containerPort: number;
}

export interface HostMap {
  readonly namespaces: readonly MapNamespace[];
  readonly links: readonly MapLink[];
  readonly ports: readonly MapPort[];
  /** What could not be asked, and why. */
  readonly silent: readonly string[];
}

export const HOST = 'host';
