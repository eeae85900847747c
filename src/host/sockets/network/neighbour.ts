/** A neighbour as `ip -j neigh show` tells it. linux/neighbour.h; iproute2, ip/ipneigh.c */
import { AF_INET, AF_INET6 } from '../../sys/address.ts';
import { eachAttribute } from '../netlink.ts';
import { addressText, hardwareText } from './address-text.ts';
import type { Devices, Entry } from './entry.ts';

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
  const told: { dst?: string; lladdr?: string } = {};
  eachAttribute(body, NDMSG, body.length, (attribute, begin, end) => {
    if (attribute === NDA_DST) told.dst = addressText(body.subarray(begin, end));
    else if (attribute === NDA_LLADDR && end > begin) told.lladdr = hardwareText(body, begin, end);
  });
  return { ...told, dev: devices.name(body.readInt32LE(4)), state: statesOf(state) };
}

const stateNames = new Map<number, readonly string[]>();

/** One list for all that have the same: there may be thousands. */
function statesOf(bits: number): readonly string[] {
  const names = stateNames.get(bits) ?? STATES.filter(([bit]) => (bits & bit) !== 0).map(([, name]) => name);
  stateNames.set(bits, names);
  return names;
}
