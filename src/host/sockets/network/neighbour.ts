/** A neighbour as `ip -j neigh show` tells it. linux/neighbour.h; iproute2, ip/ipneigh.c */
import { AF_INET, AF_INET6 } from '../../sys/address.ts';
import { attributes } from '../netlink.ts';
import { addressText, hardwareText } from './address-text.ts';
import { type Devices, type Entry, printed } from './entry.ts';

/** Size of struct ndmsg, and where the flags are. */
export const NDMSG = 12;
export const FLAGS_AT = 10;
export const NTF_PROXY = 8;
const EXTERNALLY_LEARNED = 16;
const [NDA_DST, NDA_LLADDR] = [1, 2];
const NOARP = 0x40;

/** NUD_* */
const STATES: readonly (readonly [bit: number, name: string])[] = [
  [1, 'INCOMPLETE'],
  [2, 'REACHABLE'],
  [4, 'STALE'],
  [8, 'DELAY'],
  [0x10, 'PROBE'],
  [0x20, 'FAILED'],
  [NOARP, 'NOARP'],
  [0x80, 'PERMANENT'],
];

/** `body`: of RTM_NEWNEIGH. Null for one that is not shown unasked: of a link that needs none, or not begun. */
export function neighbourFrom(body: Buffer, devices: Devices): Entry | null {
  const family = body[0]!;
  if (family !== AF_INET && family !== AF_INET6) return null;
  const [state, flags] = [body.readUInt16LE(8), body[FLAGS_AT]!];
  const isShown = (state & ~NOARP & 0xff) !== 0 || (flags & (NTF_PROXY | EXTERNALLY_LEARNED)) !== 0;
  if (!isShown) return null;
  const about = attributes(body, NDMSG);
  const [address, hardware] = [about.get(NDA_DST), about.get(NDA_LLADDR)];
  return printed({
    dst: address ? addressText(address) : null,
    dev: devices.name(body.readInt32LE(4)),
    lladdr: hardware && hardware.length > 0 ? hardwareText(hardware) : null,
    state: STATES.filter(([bit]) => (state & bit) !== 0).map(([, name]) => name),
  });
}
