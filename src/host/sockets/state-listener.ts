/**
 * Listens to what the kernel tells of changes in a namespace's network: rtnetlink(7) as `ip monitor` hears it, and the
 * notifications of nf_tables as `nft monitor` does (NFNLGRP_NFTABLES). What has changed is not in them, but that something has.
 */
import { type Answer, known, notKnown } from '../../model/answer.ts';
import type { Netns } from '../../model/netns.ts';
import type { StateListener, StateNote } from '../machine.ts';
import { answeredInside } from '../sys/namespace.ts';
import { messages, NETLINK_NETFILTER, NETLINK_ROUTE } from './netlink.ts';
import { listenTo } from './netlink-groups.ts';

const ROOM = 1 << 20;

/**
 * RTNLGRP_LINK, NEIGH, TC, IPV4_IFADDR, IPV4_ROUTE, IPV4_RULE, IPV6_IFADDR, IPV6_ROUTE, IPV6_RULE, IPV4_NETCONF, IPV6_NETCONF:
 * linux/rtnetlink.h.
 */
const ROUTE_GROUPS = [1, 3, 4, 5, 7, 8, 9, 11, 19, 24, 25];
/** NFNLGRP_NFTABLES: linux/netfilter/nfnetlink.h. */
const NFTABLES_GROUPS = [7];
const NFNL_SUBSYS_NFTABLES = 10;

/** Message types of linux/rtnetlink.h come in fours: new, del, get, set. */
const KINDS: Readonly<Record<number, StateNote['kind']>> = {
  16: 'link',
  20: 'address',
  24: 'route',
  28: 'neighbour',
  32: 'rule',
  36: 'queueing',
  40: 'queueing',
  44: 'queueing',
  // Forwarding, rp_filter, proxy_arp and the like, of all settings the only ones that are told: linux/netconf.h.
  80: 'setting',
};

type Note = Omit<StateNote, 'at'>;

export function listenState(netns: Netns | null, onNote: (note: StateNote) => void): Answer<StateListener> {
  const source = ['ip', 'monitor', 'all'];
  const hear = (protocol: number, groups: readonly number[], noteOf: (type: number) => Note | undefined) =>
    listenTo({ protocol, groups, room: ROOM }, (datagram) => {
      const at = process.hrtime.bigint();
      if (!datagram) return onNote({ kind: 'any', gone: false, at });
      for (const { type } of messages(datagram)) {
        const note = noteOf(type);
        if (note) onNote({ ...note, at });
      }
    });
  return answeredInside(netns, source, () => {
    const route = hear(NETLINK_ROUTE, ROUTE_GROUPS, noteOfRoute);
    if (typeof route === 'string') return notKnown('no-permission', `rtnetlink: ${route}`, source);
    // A kernel without nf_tables has no rules there that could change.
    const firewall = hear(NETLINK_NETFILTER, NFTABLES_GROUPS, noteOfFirewall);
    const stop = (): void => {
      route.stop();
      if (typeof firewall !== 'string') firewall.stop();
    };
    return known({ stop }, source);
  });
}

function noteOfRoute(type: number): Note | undefined {
  const kind = KINDS[type & ~3];
  return kind && { kind, gone: (type & 3) === 1 };
}

/** What it was is read of the rules themselves: one command may send a hundred of these. */
const noteOfFirewall = (type: number): Note | undefined =>
  type >> 8 === NFNL_SUBSYS_NFTABLES ? { kind: 'firewall', gone: false } : undefined;
