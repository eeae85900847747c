/** The demo's network, as its faults speak of it: who is there, and under which name. */
import type { Netns } from '../model/netns.ts';

/** A container of the demo: a namespace with one veth pair to a bridge. */
export interface Guest {
  readonly name: string;
  readonly netns: Netns;
  readonly device: string;
  readonly address: string;
  readonly mac: string;
  /** The host's end of the veth pair. */
  readonly port: string;
}

/** A bridge of the demo's host. */
export interface Segment {
  readonly bridge: string;
  readonly gateway: string;
  readonly subnet: string;
  readonly prefix: number;
  /** The chain in which its packets are accepted for forwarding. */
  readonly acceptedIn: string;
}

/** What a fault is done to. The demo's host is the namespace that netdoctor itself runs in. */
export interface DemoNetwork {
  /** The container the demo asks about. */
  readonly container: Guest;
  /** Another container of the same bridge. */
  readonly neighbour: Guest;
  /** A container of the other bridge. */
  readonly stranger: Guest;
  readonly segment: Segment;
  readonly other: Segment;
  readonly uplink: { readonly device: string; readonly address: string; readonly nextHop: string };
  readonly internet: { readonly netns: Netns; readonly device: string; readonly address: string };
}

/** The drawing that a demo opens with: no line is longer than 80 columns. */
export const picture = (net: DemoNetwork): readonly string[] => {
  const { container, neighbour, stranger, segment, other, uplink, internet } = net;
  const wide = (guest: Guest): string => `${guest.name.padEnd(5)} ${guest.address}`.padEnd(17);
  const named = [segment, other].map(({ bridge, gateway }) => `${bridge} ${gateway}`);
  const [first, second] = named.map((one) => one.padEnd(Math.max(...named.map(({ length }) => length))));
  const host = `  ${wide(neighbour)} ─┘  ${' '.repeat(first!.length)}  ├─ host ─ `;
  const last = `  ${wide(stranger)} ─── ${second} ─┘`;
  return [
    `  ${wide(container)} ─┬─ ${first} ─┐`,
    `${host}${uplink.device} ${uplink.address}`,
    `${last.padEnd(host.length)}└─ internet ${internet.address}`,
  ];
};
