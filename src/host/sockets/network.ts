/**
 * The network of a namespace in the words of `ip -j -d`, without a program: seven dumps over one socket, half a millisecond
 * for a small one, 15 microseconds more for each link, which it takes the kernel to tell of it. What has no words here is left to iproute2, which knows them all. rtnetlink(7)
 */
import type { Answer } from '../../model/answer.ts';
import type { Netns } from '../../model/netns.ts';
import type { FirstLinks, NetworkTold } from '../machine.ts';
import { AF_INET, AF_INET6 } from '../sys/address.ts';
import { beginDump } from './begin-dump.ts';
import { IFADDRMSG, type Refusal, RTM_GETADDR, RTM_GETLINK, receive, send, withNetlink } from './netlink.ts';
import { type AddressTold, addressFrom } from './network/address.ts';
import { type Entry, Unworded, unlessUnworded } from './network/entry.ts';
import { devicesOf, firstLinks, withAddresses } from './network/first-links.ts';
import { type LinkTold, linkFrom } from './network/link.ts';
import {
  dump,
  linkAt,
  linksByIp,
  MOST,
  portsOfNone,
  withMaster,
  withoutCounters,
} from './network/link-dump.ts';
import { FLAGS_AT, NDMSG, NTF_PROXY, neighbourFrom } from './network/neighbour.ts';
import { RTMSG, routeFrom } from './network/route.ts';
import { RULE, ruleFrom } from './network/rule.ts';
import { forgetLinks, keptLinks, listenToLinks, unchangedLinks } from './network/standing-links.ts';

const [RTM_GETROUTE, RTM_GETNEIGH, RTM_GETRULE] = [26, 30, 34];

const source = ['ip', '-j', '-d', '-force', '-batch', '-'];

/**
 * Not known where the namespace cannot be entered, and where something in it is told by iproute2 alone. `near`: the indexes
 * of links that have to be told anew, as `Machine` says.
 */
export const networkIn = (
  where: Netns | null,
  near?: readonly number[],
  first?: FirstLinks,
): Answer<NetworkTold> =>
  unlessUnworded(source, () =>
    // Whoever is asked for the rest later is this program's own namespace, which is there as long as it is.
    withNetlink(where, source, (fd) => read(fd, where?.inode ?? 0, near, where === null ? first : undefined)),
  );

function read(
  fd: number,
  inode: number,
  near: readonly number[] | undefined,
  wanted: FirstLinks | undefined,
): NetworkTold {
  const addresses = addressesOf(fd);
  if (wanted === 'anew') forgetLinks(inode);
  const first = wanted ? firstLinks(fd, near ?? [], addresses) : null;
  const links = first ?? linksNow(fd, inode, near);
  const devices = devicesOf(fd, links);
  const rules = (family: number): Entry[] => dump(fd, RTM_GETRULE, ofFamily(RULE, family), ruleFrom);
  const neighbours = (flags: number): Entry[] => {
    const body = Buffer.alloc(NDMSG);
    body[FLAGS_AT] = flags;
    return dump(fd, RTM_GETNEIGH, body, (one) => neighbourFrom(one, devices));
  };
  const told = withAddresses(links, addresses, devices);
  return {
    ...(first ? { first: told } : {}),
    // Whoever makes a copy of this has them told.
    get links() {
      return first ? theRest(near) : told;
    },
    routes: dump(fd, RTM_GETROUTE, Buffer.alloc(RTMSG), (one) => routeFrom(one, devices)),
    rules4: rules(AF_INET),
    // They decide nothing where no address could use them.
    rules6: addresses.some(({ isGlobal6 }) => isGlobal6) ? rules(AF_INET6) : [],
    neighbours: neighbours(0),
    proxies: neighbours(NTF_PROXY),
  };
}

/**
 * Ports that are ends of pairs and not `near` as they were told before, all others anew: of these the carrier is told late
 * (linkwatch, net/core/link_watch.c), and who is asked about is always looked at. Null where they have to be told all.
 */
function linksAgain(fd: number, inode: number, near: readonly number[]): LinkTold[] | null {
  const before = unchangedLinks(inode);
  if (!before) return null;
  const masters = new Map(portsOfNone(fd).map((link) => [link.ifindex, link]));
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

/**
 * As `Machine` says. Of a thousand veths the kernel takes 20 ms to tell, half of them to look for the ids of their peers'
 * namespaces, for each of which it goes over all (__peernet2id(), net/core/net_namespace.c).
 */
export function linksAhead(): Promise<void> | null {
  const listening = listenToLinks(0);
  const links: LinkTold[] = [];
  const keep = (isTold: boolean): void => listening.keep(isTold && links.length <= MOST ? links : []);
  const unworded = (error: unknown): void => {
    keep(false);
    // Whoever asks for the network has a program asked.
    if (!(error instanceof Unworded)) throw error;
  };
  try {
    const question = { type: RTM_GETLINK, dump: true, body: withoutCounters() };
    const rest = beginDump(question, (body) => {
      if (links.length <= MOST) links.push(linkFrom(body));
    });
    if (rest) return rest.then(keep, unworded);
    keep(false);
  } catch (error) {
    unworded(error);
  }
  return null;
}

function ofFamily(size: number, family: number): Buffer {
  const body = Buffer.alloc(size);
  body[0] = family;
  return body;
}

/** All links of this program's own namespace, for who was told the first. @throws Failure where they cannot be had */
function theRest(near: readonly number[] | undefined): readonly Entry[] {
  const answer = unlessUnworded(source, () =>
    withNetlink(null, source, (fd) => withWhatTheyHold(fd, linksNow(fd, 0, near))),
  );
  return answer.known ? answer.value : linksByIp();
}

const linksNow = (fd: number, inode: number, near: readonly number[] | undefined): readonly LinkTold[] =>
  (near && linksAgain(fd, inode, near)) ??
  keptLinks(inode, () => dump(fd, RTM_GETLINK, withoutCounters(), linkFrom));

const addressesOf = (fd: number): AddressTold[] =>
  dump(fd, RTM_GETADDR, Buffer.alloc(IFADDRMSG), addressFrom);

const withWhatTheyHold = (fd: number, links: readonly LinkTold[]): readonly Entry[] =>
  withAddresses(links, addressesOf(fd), devicesOf(fd, links));

/** As `Machine` says: of a dump no more is read. */
export const portsOf = (where: Netns | null, master: number, most: number): Answer<readonly Entry[]> =>
  unlessUnworded(source, () => {
    // A socket that is still to tell something takes no other question.
    const told = withNetlink(where, source, (fd) => firstPorts(fd, master, most));
    return told.known ? withNetlink(where, source, (fd) => withWhatTheyHold(fd, told.value)) : told;
  });

function firstPorts(fd: number, master: number, most: number): LinkTold[] {
  const ports: LinkTold[] = [];
  let end: Refusal | null | undefined =
    send(fd, {
      type: RTM_GETLINK,
      dump: true,
      body: withMaster(master),
    }) ?? undefined;
  while (end === undefined && ports.length < most) end = receive(fd, (body) => ports.push(linkFrom(body)));
  if (end) throw new Unworded('the ports of a link');
  return ports.slice(0, most);
}
