/** The SYN of a TCP connection, read and written: RFC 9293, 3.1 and 3.2. */
import ipaddr from 'ipaddr.js';
import type { Syn } from '../model/header.ts';

const END = 0;
const NOTHING = 1;

/** `bytes`: a TCP header with its options, as far as a capture kept it. */
export function readSyn(bytes: Uint8Array): Syn {
  const end = Math.min(bytes.length, ((bytes[12] ?? 0) >> 4) * 4);
  const options: Record<number, string> = {};
  for (let at = 20; at < end; ) {
    const kind = bytes[at]!;
    if (kind === END) break;
    const length = kind === NOTHING ? 1 : (bytes[at + 1] ?? 0);
    if (length === 0 || at + length > end) break;
    if (kind !== NOTHING) options[kind] = Buffer.from(bytes.subarray(at + 2, at + length)).toString('hex');
    at += length;
  }
  return { ecn: (((bytes[12] ?? 0) & 1) << 2) | ((bytes[13] ?? 0) >> 6), options };
}

export interface Ends {
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

const HEADER = 20;
const TCP = 6;
const SYN = 2;
const WINDOW = 64_240;
/** Data offset is a number of four bits, in words. */
const MOST_OPTIONS = 40;

/** A whole segment with its checksum. @throws where the options need more than 40 bytes */
export function writeSyn(ends: Ends, sequence: number, { ecn, options }: Syn): Uint8Array {
  const told = Object.entries(options).flatMap(([kind, hex]) => {
    const data = Buffer.from(hex, 'hex');
    return [Number(kind), data.length + 2, ...data];
  });
  if (told.length > MOST_OPTIONS)
    throw new Error(`${told.length} bytes of TCP options, which are at most 40`);
  const length = HEADER + Math.ceil(told.length / 4) * 4;
  const segment = Buffer.alloc(length);
  segment.writeUInt16BE(ends.sourcePort, 0);
  segment.writeUInt16BE(ends.destinationPort, 2);
  segment.writeUInt32BE(sequence, 4);
  segment[12] = ((length / 4) << 4) | (ecn >> 2);
  segment[13] = ((ecn & 3) << 6) | SYN;
  segment.writeUInt16BE(WINDOW, 14);
  segment.set(told, HEADER);
  segment.writeUInt16BE(checksum(ends, segment), 16);
  return segment;
}

/** Over the addresses, the protocol, the length and the segment, by words of 16 bits: RFC 9293, 3.1; RFC 8200, 8.1. */
function checksum({ source, destination }: Ends, segment: Buffer): number {
  const addresses = [source, destination].flatMap((one) => ipaddr.parse(one).toByteArray());
  const all = Buffer.from([...addresses, 0, TCP, segment.length >> 8, segment.length & 255, ...segment]);
  let sum = 0;
  for (let at = 0; at < all.length; at += 2) sum += all.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
}
