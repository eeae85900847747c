/** What the kernel says of a frame beside its bytes: struct sockaddr_ll of linux/if_packet.h, packet(7). */
import { macOf } from '../../wire/headers.ts';
import type { PacketFrame } from '../machine.ts';

/** sll_pkttype: who the frame is for, or that it goes out. */
const OUTGOING = 4;
const OTHERHOST = 3;
const MAC_LENGTH = 6;
/** tp_status: a VLAN tag was taken off, and is told beside the frame. */
export const TP_STATUS_VLAN_VALID = 1 << 4;

/** Senders whose names are remembered: a flood is of few. */
const MOST = 1000;
const names = new Map<number, string>();

function nameOf(mac: Buffer): string {
  const key = mac.readUIntBE(0, MAC_LENGTH);
  const known = names.get(key);
  if (known !== undefined) return known;
  const name = macOf(mac);
  if (names.size >= MOST) names.clear();
  names.set(key, name);
  return name;
}

type Addressed = Pick<
  PacketFrame,
  'ifindex' | 'protocol' | 'direction' | 'foreign' | 'hardware' | 'senderMac'
>;

/** `at`: where in `bytes` the address begins. */
export const addressed = (bytes: Buffer, at = 0): Addressed => ({
  ifindex: bytes.readInt32LE(at + 4),
  protocol: bytes.readUInt16BE(at + 2),
  direction: bytes[at + 10] === OUTGOING ? 'out' : 'in',
  foreign: bytes[at + 10] === OTHERHOST,
  hardware: bytes.readUInt16LE(at + 8),
  senderMac: bytes[at + 11] === MAC_LENGTH ? nameOf(bytes.subarray(at + 12, at + 12 + MAC_LENGTH)) : null,
});
