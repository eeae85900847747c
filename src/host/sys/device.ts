/** What a name of a network interface stands for: netdevice(7). */
import type { Netns } from '../../model/netns.ts';
import { libc } from './libc.ts';
import { inside } from './namespace.ts';

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const SIOCGIFFLAGS = 0x8913;
const SIOCGIFHWADDR = 0x8927;
const SIOCGIFINDEX = 0x8933;
const IFF_UP = 1;
/** struct ifreq: a name of IFNAMSIZ bytes, and what is asked for behind it. */
const IFNAMSIZ = 16;
const IFREQ = 40;

export interface Device {
  readonly ifindex: number;
  /** Set up by its owner (IFF_UP), whatever its carrier says. */
  readonly up: boolean;
  /** ARPHRD_… of linux/if_arp.h: 1 for Ethernet, 772 for loopback. */
  readonly hardware: number;
}

type Ask = (name: string) => Device | undefined;

/** Asks about the interfaces of a namespace as they are at the moment of asking. @throws CannotEnter */
export function devicesOf(netns: Netns | null): Ask {
  const c = libc();
  const fd = inside(netns, () => c.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const told = (request: number, name: string): Buffer | undefined => {
    const bytes = Buffer.alloc(IFREQ);
    bytes.write(name.slice(0, IFNAMSIZ - 1), 'latin1');
    return c.ioctl(fd, request, bytes) === 0 ? bytes.subarray(IFNAMSIZ) : undefined;
  };
  return (name) => {
    const ifindex = told(SIOCGIFINDEX, name)?.readInt32LE(0);
    const flags = told(SIOCGIFFLAGS, name)?.readUInt16LE(0);
    const hardware = told(SIOCGIFHWADDR, name)?.readUInt16LE(0);
    if (ifindex === undefined || flags === undefined || hardware === undefined) return undefined;
    return { ifindex, up: (flags & IFF_UP) !== 0, hardware };
  };
}
