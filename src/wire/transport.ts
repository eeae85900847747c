/** Headers of TCP, UDP and ICMP as far as a line about them needs them: RFC 9293, 768, 792, 4443. */
import type { Family } from '../model/flow.ts';
import { long, word } from './number.ts';

export interface Segment {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequence: number;
  readonly acknowledgement: number;
  /** FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128. */
  readonly flags: number;
  readonly window: number;
  /** Length of the header in bytes. */
  readonly header: number;
  readonly options: Uint8Array;
}

export const FIN = 1;
export const SYN = 2;
export const RST = 4;
export const ACK = 16;

/** Sequence numbers wrap: is the one behind the other? RFC 9293 3.4 */
export const isBehind = (one: number, other: number): boolean => ((one - other) | 0) < 0;

/** Undefined for one that is cut within its first 20 bytes. */
export function segment(bytes: Uint8Array): Segment | undefined {
  if (bytes.length < 20) return undefined;
  const header = Math.max(20, ((bytes[12] ?? 0) >> 4) * 4);
  return {
    sourcePort: word(bytes, 0),
    destinationPort: word(bytes, 2),
    sequence: long(bytes, 4),
    acknowledgement: long(bytes, 8),
    flags: bytes[13] ?? 0,
    window: word(bytes, 14),
    header,
    options: bytes.subarray(20, header),
  };
}

export interface Datagram {
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Of the data, as the header says it. */
  readonly length: number;
  readonly data: Uint8Array;
}

export function datagram(bytes: Uint8Array): Datagram | undefined {
  if (bytes.length < 8) return undefined;
  return {
    sourcePort: word(bytes, 0),
    destinationPort: word(bytes, 2),
    length: Math.max(0, word(bytes, 4) - 8),
    data: bytes.subarray(8),
  };
}

export interface IcmpMessage {
  readonly type: number;
  readonly code: number;
  /** Of an echo; the second word of the header otherwise. */
  readonly id: number;
  readonly sequence: number;
  /** What follows the header of 8 bytes. */
  readonly body: Uint8Array;
}

export function icmpMessage(bytes: Uint8Array): IcmpMessage | undefined {
  if (bytes.length < 8) return undefined;
  return {
    type: bytes[0] ?? 0,
    code: bytes[1] ?? 0,
    id: word(bytes, 4),
    sequence: word(bytes, 6),
    body: bytes.subarray(8),
  };
}

/** Echo and its reply, of both families. */
export const isEcho = (type: number): boolean => [0, 8, 128, 129].includes(type);

const ERRORS: Readonly<Record<Family, readonly number[]>> = { 4: [3, 4, 5, 11, 12], 6: [1, 2, 3, 4] };
/** Is a message of this type about a packet, whose beginning it quotes? */
export const quotes = (family: Family, type: number): boolean => ERRORS[family].includes(type);
