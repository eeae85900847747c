/** The links of a namespace without a program: two dumps over one socket, 0.2 ms for a small one. rtnetlink(7). */
import type { Answer } from '../../model/answer.ts';
import type { Netns } from '../../model/netns.ts';
import type { BriefLink, FarLink } from '../machine.ts';
import { number } from './attribute.ts';
import {
  attributes,
  eachAttribute,
  exchange,
  IFADDRMSG,
  IFINFOMSG,
  RTM_GETADDR,
  RTM_GETLINK,
  textIn,
  withNetlink,
} from './netlink.ts';
import { addressText } from './network/address-text.ts';

const IFLA = { name: 3, link: 5, master: 10, info: 18, mask: 29, nsid: 37, target: 46 } as const;
const SKIP_STATS = 8;
const IFLA_INFO_KIND = 1;
const [IFA_ADDRESS, IFA_LOCAL, IFA_TARGET_NETNSID] = [1, 2, 10];
const ARPHRD_LOOPBACK = 772;
const IFF_UP = 1;

const source = ['ip', '-d', 'address', 'show'];

export const linksIn = (where: Netns | null): Answer<readonly BriefLink[]> =>
  withNetlink(where, source, (fd) => linksOf(fd, null) ?? []);

/**
 * The links of other namespaces, by the ids that these have in `seenFrom`, without entering one: IFLA_TARGET_NETNSID and
 * IFA_TARGET_NETNSID (Linux 4.20), include/uapi/linux/if_link.h, if_addr.h. Null for one that the kernel does not tell of.
 */
export const linksBehind = (
  seenFrom: Netns | null,
  nsids: readonly number[],
): Answer<readonly (readonly FarLink[] | null)[]> =>
  withNetlink(seenFrom, source, (fd) => nsids.map((nsid) => linksOf(fd, nsid)));

/** Null where the kernel refuses to tell of that namespace; of this one it tells always. */
function linksOf(fd: number, nsid: number | null): BriefLink[] | null {
  const found: BriefLink[] = [];
  const addresses = new Map<number, string[]>();
  const elsewhere = (attribute: number): Buffer[] => (nsid === null ? [] : [number(attribute, nsid)]);
  // Where counters are not wanted, the kernel goes over all links of the socket's own namespace to see how much room each takes.
  const mask = nsid === null ? [number(IFLA.mask, SKIP_STATS)] : [];
  const links = Buffer.concat([Buffer.alloc(IFINFOMSG), ...mask, ...elsewhere(IFLA.target)]);
  const own = Buffer.concat([Buffer.alloc(IFADDRMSG), ...elsewhere(IFA_TARGET_NETNSID)]);
  const isTold =
    exchange(fd, { type: RTM_GETADDR, dump: true, body: own }, (body) => addAddress(addresses, body)) &&
    exchange(fd, { type: RTM_GETLINK, dump: true, body: links }, (body) =>
      found.push(briefly(body, addresses)),
    );
  return isTold || nsid === null ? found : null;
}

interface Brief extends BriefLink {
  name: string;
  kind: string;
  master: number | null;
  link: number | null;
  nsid: number | null;
}

function briefly(body: Buffer, addresses: ReadonlyMap<number, readonly string[]>): BriefLink {
  const ifindex = body.readInt32LE(4);
  const isLoopback = body.readUInt16LE(2) === ARPHRD_LOOPBACK;
  const link: Brief = {
    ifindex,
    name: '',
    kind: isLoopback ? 'loopback' : 'ether',
    up: (body.readUInt32LE(8) & IFF_UP) !== 0,
    master: null,
    link: null,
    nsid: null,
    addresses: addresses.get(ifindex) ?? [],
  };
  eachAttribute(body, IFINFOMSG, body.length, (attribute, begin, end) => {
    if (attribute === IFLA.name) link.name = textIn(body, begin, end);
    else if (attribute === IFLA.link) link.link = body.readInt32LE(begin);
    else if (attribute === IFLA.master) link.master = body.readInt32LE(begin);
    else if (attribute === IFLA.nsid) link.nsid = body.readInt32LE(begin);
    else if (attribute === IFLA.info && !isLoopback) link.kind = kindIn(body, begin, end) || link.kind;
  });
  return link;
}

function kindIn(body: Buffer, begin: number, end: number): string {
  let kind = '';
  eachAttribute(body, begin, end, (attribute, first, last) => {
    if (attribute === IFLA_INFO_KIND) kind = textIn(body, first, last);
  });
  return kind;
}

/** Adds that of a message, with its prefix length, to those of its link, by whose index they are; a peer's is not the link's own. */
export function addAddress(found: Map<number, string[]>, body: Buffer): void {
  const about = attributes(body, IFADDRMSG);
  const own = about.get(IFA_LOCAL) ?? about.get(IFA_ADDRESS);
  if (!own || (own.length !== 4 && own.length !== 16)) return;
  const ifindex = body.readUInt32LE(4);
  const text = `${addressText(own)}/${body[1]}`;
  const before = found.get(ifindex);
  if (before) before.push(text);
  else found.set(ifindex, [text]);
}
