/** Of a thousand links the few that a path leads over, and names for those that nothing else is told of. */
import { libc } from '../../sys/libc.ts';
import { netlinkSocket, RTM_GETLINK, receive, send } from '../netlink.ts';
import type { AddressTold } from './address.ts';
import type { Devices, Entry } from './entry.ts';
import type { LinkTold } from './link.ts';
import { linkAt, portsOfNone, withoutCounters } from './link-dump.ts';

/** Datagrams in which all of a small namespace are told; some twenty links stand in each. */
const FEW = 4;

/**
 * Those that are ports of nothing, that hold an address other than fe80::/10, that are `near` (indexes), and those that these
 * are ports of and stand on. Null where all are told as fast, and before Linux 5.16, which tells all. @throws Unworded
 */
export function firstLinks(
  fd: number,
  near: readonly number[],
  addresses: readonly AddressTold[],
): LinkTold[] | null {
  if (areFew()) return null;
  const found = new Map(portsOfNone(fd).map((link) => [link.ifindex, link]));
  if (found.size === 0) return null;
  const wanted = new Set([
    ...near,
    ...addresses.filter(({ isLinkLocal6 }) => !isLinkLocal6).map(({ ifindex }) => ifindex),
    ...[...found.values()].map(({ lower }) => lower),
  ]);
  // What is added while it is gone over is gone over too.
  for (const ifindex of wanted) {
    const link = ifindex > 0 && !found.has(ifindex) ? linkAt(fd, ifindex) : null;
    if (!link) continue;
    found.set(ifindex, link);
    wanted.add(link.master).add(link.lower);
  }
  return [...found.values()].toSorted((a, b) => a.ifindex - b.ifindex);
}

/** A dump is given up by closing its socket: the kernel makes each datagram when the one before is read. */
function areFew(): boolean {
  const fd = netlinkSocket();
  if (fd < 0) return true;
  try {
    if (send(fd, { type: RTM_GETLINK, dump: true, body: withoutCounters() })) return true;
    for (let left = FEW; left > 0; left--) if (receive(fd, () => {}) !== undefined) return true;
    return false;
  } finally {
    libc().close(fd);
  }
}

const SIOCGIFNAME = 0x8910;
/** struct ifreq: room for a name, and the index behind it. netdevice(7) */
const [IFREQ, IFNAMSIZ] = [40, 16];

/** An index without an interface is one that went away meanwhile: iproute2 writes it so. */
export function devicesOf(fd: number, links: readonly LinkTold[]): Devices {
  const names = new Map(links.map(({ ifindex, name }) => [ifindex, name]));
  const asked = (ifindex: number): string => {
    const request = Buffer.alloc(IFREQ);
    request.writeInt32LE(ifindex, IFNAMSIZ);
    const isThere = libc().ioctl(fd, SIOCGIFNAME, request) === 0;
    const name = isThere ? request.toString('utf8', 0, request.indexOf(0)) : `if${ifindex}`;
    names.set(ifindex, name);
    return name;
  };
  return { name: (ifindex) => names.get(ifindex) ?? asked(ifindex) };
}

export function withAddresses(
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
