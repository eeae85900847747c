/**
 * The other ends of veths, asked of the kernel through the id their namespace has here: IFLA_TARGET_NETNSID and
 * IFA_TARGET_NETNSID (Linux 4.20). include/uapi/linux/if_link.h, if_addr.h.
 */
import type { Answer } from '../../model/answer.ts';
import type { Netns } from '../../model/netns.ts';
import type { EndName, FarEnd } from '../machine.ts';
import { number } from './attribute.ts';
import { addAddress } from './links.ts';
import {
  attributes,
  exchange,
  headAbout,
  IFADDRMSG,
  IFINFOMSG,
  macOf,
  RTM_GETADDR,
  RTM_GETLINK,
  textOf,
  withNetlink,
} from './netlink.ts';

const [IFLA_ADDRESS, IFLA_IFNAME, IFLA_TARGET_NETNSID] = [1, 3, 46];
const IFA_TARGET_NETNSID = 10;

/** What each of `ends` is, null for one that is not there. Opens one socket; about 30 microseconds an end. */
export function farEnds(
  seenFrom: Netns | null,
  ends: readonly EndName[],
): Answer<readonly (FarEnd | null)[]> {
  const source = ['ip', '-d', 'address', 'show'];
  return withNetlink(seenFrom, source, (fd) => ends.map((end) => farEnd(fd, end)));
}

function farEnd(fd: number, { nsid, ifindex }: EndName): FarEnd | null {
  const found: Omit<FarEnd, 'addresses'>[] = [];
  const link = Buffer.concat([headAbout(ifindex), number(IFLA_TARGET_NETNSID, nsid)]);
  exchange(fd, { type: RTM_GETLINK, dump: false, body: link }, (body) => {
    const told = attributes(body, IFINFOMSG);
    found.push({ name: textOf(told.get(IFLA_IFNAME)), mac: macOf(told.get(IFLA_ADDRESS)) });
  });
  const [end] = found;
  if (!end) return null;
  const addresses = new Map<number, string[]>();
  const own = Buffer.concat([headAbout(ifindex, IFADDRMSG), number(IFA_TARGET_NETNSID, nsid)]);
  exchange(fd, { type: RTM_GETADDR, dump: true, body: own }, (body) => addAddress(addresses, body));
  return { ...end, addresses: addresses.get(ifindex) ?? [] };
}
