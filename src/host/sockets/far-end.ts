/**
 * The other ends of veths, asked of the kernel through the id their namespace has here: IFLA_TARGET_NETNSID and
 * IFA_TARGET_NETNSID (Linux 4.20). include/uapi/linux/if_link.h, if_addr.h.
 */
import type { Answer } from '../../model/answer.ts';
import type { Netns } from '../../model/netns.ts';
import type { EndName, FarEnd } from '../machine.ts';
import { addressesIn } from './links.ts';
import {
  ask,
  attributes,
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
  const [link] = ask(fd, {
    type: RTM_GETLINK,
    head: IFINFOMSG,
    dump: false,
    ifindex,
    target: { attribute: IFLA_TARGET_NETNSID, nsid },
  });
  if (!link) return null;
  const about = attributes(link, IFINFOMSG);
  const addresses = ask(fd, {
    type: RTM_GETADDR,
    head: IFADDRMSG,
    dump: true,
    ifindex,
    target: { attribute: IFA_TARGET_NETNSID, nsid },
  });
  return {
    name: textOf(about.get(IFLA_IFNAME)),
    mac: macOf(about.get(IFLA_ADDRESS)),
    addresses: addressesIn(addresses).get(ifindex) ?? [],
  };
}
