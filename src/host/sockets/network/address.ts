/** An address of a link as `ip -j address show` tells it. linux/if_addr.h; iproute2, ip/ipaddress.c */
import { AF_INET, AF_INET6 } from '../../sys/address.ts';
import { attributes, IFADDRMSG } from '../netlink.ts';
import { addressText } from './address-text.ts';
import { type Entry, printed } from './entry.ts';
import { nameOf } from './names.ts';

const IFA = { address: 1, local: 2, flags: 8 } as const;
const PERMANENT = 0x80;

/** IFA_F_*; the first bit is one of two things by the family. */
const FLAGS: readonly (readonly [bit: number, name: string])[] = [
  [0x02, 'nodad'],
  [0x04, 'optimistic'],
  [0x08, 'dadfailed'],
  [0x10, 'home'],
  [0x20, 'deprecated'],
  [0x40, 'tentative'],
  [0x100, 'mngtmpaddr'],
  [0x200, 'noprefixroute'],
];
const SECOND = 0x01;

export interface AddressTold {
  readonly ifindex: number;
  readonly isGlobal6: boolean;
  /** fe80::/10, which every link has that is up. */
  readonly isLinkLocal6: boolean;
  readonly entry: Entry;
}

/** `body`: of RTM_NEWADDR. Null for another family than IPv4 and IPv6. */
export function addressFrom(body: Buffer): AddressTold | null {
  const family = body[0]!;
  if (family !== AF_INET && family !== AF_INET6) return null;
  const about = attributes(body, IFADDRMSG);
  const address = about.get(IFA.address);
  const local = about.get(IFA.local) ?? address;
  if (!local) return null;
  const scope = body[3]!;
  const flags = about.get(IFA.flags)?.readUInt32LE(0) ?? body[2]!;
  const words = FLAGS.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => [name, true]);
  if (flags & SECOND) words.push([family === AF_INET6 ? 'temporary' : 'secondary', true]);
  if (!(flags & PERMANENT)) words.push(['dynamic', true]);
  return {
    ifindex: body.readUInt32LE(4),
    isGlobal6: family === AF_INET6 && scope === 0,
    isLinkLocal6: family === AF_INET6 && (local.readUInt16BE(0) & 0xffc0) === 0xfe80,
    entry: printed({
      family: family === AF_INET6 ? 'inet6' : 'inet',
      local: addressText(local),
      address: address && !address.equals(local) ? addressText(address) : null,
      prefixlen: body[1]!,
      scope: nameOf('rt_scopes', scope),
      ...Object.fromEntries(words),
    }),
  };
}
