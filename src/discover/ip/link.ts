import type { Bridge, BridgePort, Link } from '../../model/stack.ts';
import { addressesOf } from './address.ts';
import { type Fields, fields, number, text, words } from './json.ts';

/** IFLA_XDP_ATTACHED (linux/if_link.h), as `ip link` names it. */
const XDP_MODES = [null, 'xdp', 'xdpgeneric', 'xdpoffload', 'xdpmulti'] as const;

function portOf(info: Fields): BridgePort | null {
  if (info.info_slave_kind !== 'bridge') return null;
  const data = fields(info.info_slave_data);
  return {
    state: text(data.state) ?? 'unknown',
    isolated: data.isolated === true,
    locked: data.locked === true,
    hairpin: data.hairpin === true,
    flood: data.flood !== false,
    mcastFlood: data.mcast_flood !== false,
    bcastFlood: data.bcast_flood !== false,
    learning: data.learning !== false,
    neighSuppress: data.neigh_suppress === true,
  };
}

function bridgeOf(info: Fields): Bridge | null {
  if (info.info_kind !== 'bridge') return null;
  const data = fields(info.info_data);
  return {
    stp: data.stp_state === 1,
    vlanFiltering: data.vlan_filtering === 1,
    mcastSnooping: data.mcast_snooping === 1,
    mcastQuerier: data.mcast_querier === 1,
    nfCallIptables: data.nf_call_iptables === 1,
  };
}

function xdpOf(entry: Fields): string | null {
  if (entry.xdp === undefined || entry.xdp === null) return null;
  return XDP_MODES[number(fields(entry.xdp).mode) ?? 0] ?? null;
}

/** What is told of a link's kind, and of what it is a port of. */
type Nature = Pick<Link, 'port' | 'bridge' | 'data'> & {
  readonly kind: string | null;
  readonly portOf: string | null;
};

const natureOf = (info: Fields): Nature => ({
  kind: text(info.info_kind),
  portOf: text(info.info_slave_kind),
  port: portOf(info),
  bridge: bridgeOf(info),
  data: fields(info.info_data),
});

/** Of one that is told by the same object again, what was made of it then; of none whose lower device is to be looked up. */
const made = new WeakMap<Fields, Link>();

/**
 * Links with their addresses from `ip -j -d address show`. The kernel names a lower device of the same namespace and
 * gives the index of one elsewhere: the index of a named one is looked up here. IFLA_LINK alone says nothing without
 * its `link_netnsid`.
 */
export function linksFrom(entries: readonly Fields[]): Link[] {
  let indexes: Map<unknown, number | null> | undefined;
  const indexOf = (name: string): number | null => {
    indexes ??= new Map(entries.map((entry) => [entry.ifname, number(entry.ifindex)]));
    return indexes.get(name) ?? null;
  };
  // Of a thousand ports most are told alike, by one object.
  const natures = new Map<Fields, Nature>();
  const natureOnce = (info: Fields): Nature => {
    const nature = natures.get(info) ?? natureOf(info);
    natures.set(info, nature);
    return nature;
  };
  return entries.map((entry) => {
    const link = made.get(entry) ?? linkFrom(entry, natureOnce(fields(entry.linkinfo)), indexOf);
    if (link.linkName === null) made.set(entry, link);
    return link;
  });
}

function linkFrom(entry: Fields, nature: Nature, indexOf: (name: string) => number | null): Link {
  const flags = words(entry.flags);
  const linkName = text(entry.link);
  const up = flags.includes('UP');
  return {
    ifindex: number(entry.ifindex) ?? 0,
    name: String(entry.ifname ?? ''),
    kind: nature.kind ?? text(entry.link_type) ?? 'ether',
    up,
    carrier: up ? flags.includes('LOWER_UP') : null,
    noarp: flags.includes('NOARP'),
    mtu: number(entry.mtu) ?? 0,
    mac: text(entry.address),
    master: text(entry.master),
    portOf: nature.portOf,
    link: number(entry.link_index) ?? (linkName === null ? null : indexOf(linkName)),
    linkName,
    nsid: number(entry.link_netnsid),
    addresses: addressesOf(entry),
    port: nature.port,
    bridge: nature.bridge,
    xdp: xdpOf(entry),
    xdpProgram: number(fields(fields(entry.xdp).prog).id),
    qdisc: text(entry.qdisc),
    data: nature.data,
  };
}
