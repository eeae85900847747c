/** Frames as they cross a wire, put together header by header: RFC 791, 8200, 792, 4443, 768, 793. */
import ipaddr from 'ipaddr.js';

export const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from(Buffer.from(hex.replace(/\s/g, ''), 'hex'));

const raw = (address: string): number[] => ipaddr.parse(address).toByteArray();
const word = (value: number): [number, number] => [(value >> 8) & 255, value & 255];
const long = (value: number): number[] => [...word(value >>> 16), ...word(value & 0xffff)];

export interface Ends {
  readonly source: string;
  readonly destination: string;
}

export const PROTOCOL = { icmp: 1, tcp: 6, udp: 17, icmp6: 58 } as const;

/** An IP packet of the family of its addresses. */
export function ip(
  { source, destination }: Ends,
  protocol: number,
  payload: Uint8Array,
  { ttl = 64, fragment = 0, id = 0 }: { ttl?: number; fragment?: number; id?: number } = {},
): Uint8Array {
  if (source.includes(':'))
    return Uint8Array.from([
      ...[0x60, 0, 0, 0, ...word(payload.length), protocol, ttl],
      ...raw(source),
      ...raw(destination),
      ...payload,
    ]);
  return Uint8Array.from([
    ...[0x45, 0, ...word(20 + payload.length), ...word(id), ...word(fragment), ttl, protocol, 0, 0],
    ...raw(source),
    ...raw(destination),
    ...payload,
  ]);
}

export const ethernet = (type: number, payload: Uint8Array): Uint8Array =>
  Uint8Array.from([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, ...word(type), ...payload]);

/** The datagram of a UDP or the segment of a TCP socket, without checksum. */
export const udp = (from: number, to: number, payload: Uint8Array = new Uint8Array()): Uint8Array =>
  Uint8Array.from([...word(from), ...word(to), ...word(8 + payload.length), 0, 0, ...payload]);

export const FLAGS = { syn: 2, rst: 4, ack: 16 } as const;

export const tcp = (from: number, to: number, flags: number, sequence = 0, acknowledgement = 0): Uint8Array =>
  Uint8Array.from([
    ...word(from),
    ...word(to),
    ...long(sequence),
    ...long(acknowledgement),
    ...[0x50, flags, 0, 0, 0, 0, 0, 0],
  ]);

/** `rest` is the second word of the header: id and sequence, or the MTU. */
export const icmp = (type: number, code: number, rest: number, payload: Uint8Array): Uint8Array =>
  Uint8Array.from([type, code, 0, 0, ...long(rest), ...payload]);
