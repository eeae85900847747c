/**
 * The network of a namespace in the words of `ip -j -d`, without a program: seven dumps over one socket, half a millisecond
 * for a small one, 15 microseconds more for each link, which it takes the kernel to tell of it. What has no words here is left to iproute2, which knows them all. rtnetlink(7)
 */
import type { Answer } from '../../model/answer.ts';
import type { Netns } from '../../model/netns.ts';
import type { NetworkTold } from '../machine.ts';
import { AF_INET, AF_INET6 } from '../sys/address.ts';
import { number } from './attribute.ts';
import {
  exchange,
  headAbout,
  IFADDRMSG,
  RTM_GETADDR,
  RTM_GETLINK,
  refusedOf,
  withNetlink,
} from './netlink.ts';
import { type AddressTold, addressFrom } from './network/address.ts';
import { type Devices, type Entry, Unworded, unlessUnworded } from './network/entry.ts';
import { type LinkTold, linkFrom } from './network/link.ts';
import { FLAGS_AT, NDMSG, NTF_PROXY, neighbourFrom } from './network/neighbour.ts';
import { RTMSG, routeFrom } from './network/route.ts';
import { RULE, ruleFrom } from './network/rule.ts';
import { keptLinks, unchangedLinks } from './network/standing-links.ts';

const [RTM_GETROUTE, RTM_GETNEIGH, RTM_GETRULE] = [26, 30, 34];
/** Linux 4.4, as iproute2 asks. */
const [IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS] = [29, 8];
/** That have none: Linux 5.16, rtnl_dump_ifinfo(). An older one finds no link whose master has this index. */
const [IFLA_MASTER, NO_MASTER] = [10, -1];
/** Nothing else is done until all is read: of more, a program is asked. */
const MOST = 20_000;

const source = ['ip', '-j', '-d', '-force', '-batch', '-'];

/**
 * Not known where the namespace cannot be entered, and where something in it is told by iproute2 alone. `near`: the indexes
 * of links that have to be told anew, as `Machine` says.
 */
export const networkIn = (where: Netns | null, near?: readonly number[]): Answer<NetworkTold> =>
  unlessUnworded(source, () => withNetlink(where, source, (fd) => read(fd, where?.inode ?? 0, near)));

function read(fd: number, inode: number, near: readonly number[] | undefined): NetworkTold {
  const addresses = dump(fd, RTM_GETADDR, Buffer.alloc(IFADDRMSG), addressFrom);
  const links =
    (near && linksAgain(fd, inode, near)) ??
    keptLinks(inode, () => dump(fd, RTM_GETLINK, withoutCounters(), linkFrom));
  const devices = devicesOf(links);
  const rules = (family: number): Entry[] => dump(fd, RTM_GETRULE, ofFamily(RULE, family), ruleFrom);
  const neighbours = (flags: number): Entry[] => {
    const body = Buffer.alloc(NDMSG);
    body[FLAGS_AT] = flags;
    return dump(fd, RTM_GETNEIGH, body, (one) => neighbourFrom(one, devices));
  };
  return {
    links: withAddresses(links, addresses, devices),
    routes: dump(fd, RTM_GETROUTE, Buffer.alloc(RTMSG), (one) => routeFrom(one, devices)),
    rules4: rules(AF_INET),
    // They decide nothing where no address could use them.
    rules6: addresses.some(({ isGlobal6 }) => isGlobal6) ? rules(AF_INET6) : [],
    neighbours: neighbours(0),
    proxies: neighbours(NTF_PROXY),
  };
}

/** What each answer of a dump comes to, null left out. @throws Unworded where the kernel refuses, or there is too much */
function dump<T>(fd: number, type: number, body: Buffer, decode: (body: Buffer) => T | null): T[] {
  const all: T[] = [];
  let seen = 0;
  const refusal = refusedOf(fd, { type, dump: true, body }, (answer) => {
    if (++seen > MOST) throw new Unworded('so large a network');
    const one = decode(answer);
    if (one !== null) all.push(one);
  });
  if (refusal) throw new Unworded('a part of the network');
  return all;
}

/**
 * Ports that are ends of pairs and not `near` as they were told before, all others anew: of these the carrier is told late
 * (linkwatch, net/core/link_watch.c), and who is asked about is always looked at. Null where they have to be told all.
 */
function linksAgain(fd: number, inode: number, near: readonly number[]): LinkTold[] | null {
  const before = unchangedLinks(inode);
  if (!before) return null;
  const body = Buffer.concat([withoutCounters(), number(IFLA_MASTER, NO_MASTER)]);
  const masters = new Map(dump(fd, RTM_GETLINK, body, linkFrom).map((link) => [link.ifindex, link]));
  if (masters.size === 0) return null;
  const again: LinkTold[] = [];
  for (const link of before) {
    const { ifindex, isPortOfPair } = link;
    const stands = isPortOfPair && !near.includes(ifindex);
    const now = stands ? link : (masters.get(ifindex) ?? linkAt(fd, ifindex));
    if (now === null) return null;
    masters.delete(ifindex);
    again.push(now);
  }
  return masters.size === 0 ? again : null;
}

function linkAt(fd: number, ifindex: number): LinkTold | null {
  const body = withoutCounters(ifindex);
  let link: LinkTold | null = null;
  exchange(fd, { type: RTM_GETLINK, dump: false, body }, (answer) => {
    link = linkFrom(answer);
  });
  return link;
}

/** Counters of each link take the kernel longer to add up than all else that it tells of one: nobody reads them here. */
const withoutCounters = (ifindex = 0): Buffer =>
  Buffer.concat([headAbout(ifindex), number(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS)]);

function ofFamily(size: number, family: number): Buffer {
  const body = Buffer.alloc(size);
  body[0] = family;
  return body;
}

/** An index without an interface is one that went away meanwhile: iproute2 writes it so. */
function devicesOf(links: readonly LinkTold[]): Devices {
  const names = new Map(links.map(({ ifindex, name }) => [ifindex, name]));
  return { name: (ifindex) => names.get(ifindex) ?? `if${ifindex}` };
}

function withAddresses(
  links: readonly LinkTold[],
  addresses: readonly AddressTold[],
  devices: Devices,
): Entry[] {
  const of = new Map<number, Entry[]>();
  for (const { ifindex, entry } of addresses) {
    const before = of.get(ifindex);
    if (before) before.push(entry);
    else of.set(ifindex, [entry]);
  }
  return links.map((link) => link.entry(devices, of.get(link.ifindex) ?? NONE));
}

const NONE: readonly Entry[] = [];
