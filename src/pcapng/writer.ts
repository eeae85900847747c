/**
 * Writes pcapng: draft-ietf-opsawg-pcapng section 4. Each function gives one whole block, so that a file can be cut between
 * any two of them. All interfaces of a file have one link type and snaplen, without which tcpdump(8) -r reads none of it.
 */
import ipaddr from 'ipaddr.js';
import { plain } from '../words/text.ts';
import { attachmentParts, ENTERPRISE } from './attachment.ts';
import {
  BLOCK,
  BYTE_ORDER,
  block,
  DIRECTION,
  moment,
  OPTION,
  type Option,
  padded,
  padding,
  text,
  u16,
  u32,
  u64,
} from './block.ts';
import type { Attachment, Described, Names, SavedPacket, Statistics } from './content.ts';

/** A section of unknown length: one that is still being written. */
const UNKNOWN = 0xffffffff;
/** Nanoseconds: 10^-9. */
const RESOLUTION = 9;
/** A filter in libpcap's words, not in its instructions. */
const AS_TEXT = 0;
/** Type, length, interface, moment, two lengths of the packet: bytes. */
const PACKET_HEAD = 28;
const NAME_RECORD = { end: 0, ipv4: 1, ipv6: 2 } as const;

const said = (code: number, value: string | null): Option[] =>
  value === null || value === '' ? [] : [[code, text(plain(value))]];
const comments = (all: readonly string[]): Option[] => all.flatMap((one) => said(OPTION.comment, one));

/** What a file begins with. */
export const sectionBlock = (
  application: string,
  os: string | null,
  remarks: readonly string[] = [],
): Uint8Array =>
  block(
    BLOCK.section,
    [u32(BYTE_ORDER), u16(1, 0), u32(UNKNOWN, UNKNOWN)],
    [...comments(remarks), ...said(OPTION.section.os, os), ...said(OPTION.section.application, application)],
  );

/** An interface; the first one is number 0. Its packets come later. */
export const interfaceBlock = (one: Described, link: number, snaplen: number): Uint8Array =>
  block(
    BLOCK.interface,
    [u16(link, 0), u32(snaplen)],
    [
      ...comments(one.comments),
      ...said(OPTION.interface.name, one.name),
      ...said(OPTION.interface.description, one.description),
      ...one.addresses.map(addressOption),
      [OPTION.interface.resolution, Uint8Array.of(RESOLUTION)],
      ...(one.filter === null
        ? []
        : [[OPTION.interface.filter, text(`${String.fromCharCode(AS_TEXT)}${plain(one.filter)}`)] as Option]),
    ],
  );

function addressOption(cidr: string): Option {
  const [address, prefix] = ipaddr.parseCIDR(cidr);
  const bytes = address.toByteArray();
  if (bytes.length === 16) return [OPTION.interface.ipv6, Uint8Array.from([...bytes, prefix])];
  const mask = ipaddr.IPv4.subnetMaskFromPrefixLength(prefix).toByteArray();
  return [OPTION.interface.ipv4, Uint8Array.from([...bytes, ...mask])];
}

/** Written by hand into one buffer: of these blocks there are as many as packets. */
export function packetBlock(packet: SavedPacket): Uint8Array {
  const { on, at, bytes, length, direction, lost, id } = packet;
  const remarks = comments(packet.comments);
  const room = (value: number): number => 4 + value + padding(value);
  const spoken = remarks.reduce((sum, [, value]) => sum + room(value.length), 0);
  const numbers = (direction ? 8 : 0) + (lost === null ? 0 : 12) + (id === null ? 0 : 12);
  const options = spoken + numbers > 0 ? spoken + numbers + 4 : 0;
  const data = bytes.length + padding(bytes.length);
  const whole = PACKET_HEAD + data + options + 4;
  const out = Buffer.alloc(whole);
  const when = at ?? 0n;
  const head = [
    BLOCK.enhanced,
    whole,
    on,
    Number(when >> 32n),
    Number(when & 0xffffffffn),
    bytes.length,
    length,
  ];
  for (const [index, word] of head.entries()) out.writeUInt32LE(word, index * 4);
  out.set(bytes, PACKET_HEAD);
  let next = PACKET_HEAD + data;
  const option = (code: number, size: number): number => {
    out.writeUInt16LE(code, next);
    out.writeUInt16LE(size, next + 2);
    const value = next + 4;
    next += room(size);
    return value;
  };
  for (const [code, value] of remarks) out.set(value, option(code, value.length));
  if (direction) out.writeUInt32LE(DIRECTION[direction], option(OPTION.packet.flags, 4));
  if (lost !== null) out.writeBigUInt64LE(lost, option(OPTION.packet.lost, 8));
  if (id !== null) out.writeBigUInt64LE(id, option(OPTION.packet.id, 8));
  out.writeUInt32LE(whole, whole - 4);
  return out;
}

/** Which names addresses have: of containers, and of the networks they are on. */
export function namesBlock(all: readonly Names[]): Uint8Array {
  const records = all.flatMap(({ address, names }) => {
    const bytes = ipaddr.parse(address).toByteArray();
    const words = names.map((name) => plain(name)).filter((name) => name !== '');
    if (words.length === 0) return [];
    const value = Buffer.concat([Buffer.from(bytes), Buffer.from(`${words.join('\0')}\0`, 'utf8')]);
    if (value.length > 65_535) return [];
    return [u16(bytes.length === 4 ? NAME_RECORD.ipv4 : NAME_RECORD.ipv6, value.length), padded(value)];
  });
  return block(BLOCK.names, [...records, u16(NAME_RECORD.end, 0)]);
}

/** What one interface told and lost, counted at its end. */
export const statisticsBlock = (one: Statistics): Uint8Array =>
  block(
    BLOCK.statistics,
    [u32(one.on), moment(one.until ?? 0n)],
    [
      ...(one.from === null ? [] : [[OPTION.statistics.from, moment(one.from)] as Option]),
      ...(one.until === null ? [] : [[OPTION.statistics.until, moment(one.until)] as Option]),
      ...(one.accepted === null ? [] : [[OPTION.statistics.accepted, u64(one.accepted)] as Option]),
      ...(one.lost === null ? [] : [[OPTION.statistics.lost, u64(one.lost)] as Option]),
    ],
  );

/** What others copy and pass over; at the end of a file, so that packets keep their numbers in every program. */
export const attachmentBlocks = (attachment: Attachment): Uint8Array[] =>
  attachmentParts(attachment).map((part) => block(BLOCK.custom, [u32(ENTERPRISE), padded(part)]));
