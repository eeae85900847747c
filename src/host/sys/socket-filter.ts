/** What the kernel lets through to a socket: classic BPF (Documentation/networking/filter.rst) and ICMP_FILTER (raw(7)). */
import type { Mark } from '../machine.ts';
import { int, libc } from './libc.ts';

const SOL_SOCKET = 1;
const SO_ATTACH_FILTER = 26;

/** enum of linux/bpf_common.h: load at an offset, add the IP header's length, compare, return. */
const LD = { 1: 0x30, 2: 0x28, 4: 0x20 } as const;
const LD_INDEXED = { 1: 0x50, 2: 0x48, 4: 0x40 } as const;
const LDX_IP_HEADER = 0xb1;
const JUMP_IF_EQUAL = 0x15;
const RETURN = 0x06;
const ALL = 0xffffffff;

/** Bytes of a struct sock_filter: code, two jumps, value. */
export const INSTRUCTION = 8;
export type Instruction = readonly [code: number, yes: number, no: number, value: number];

/** What the kernel knows of a packet beside its bytes: SKF_AD_OFF and what is counted from it, linux/filter.h. */
export const ANCILLARY = 0xfffff000;
const KNOWN = { ifindex: 8, hardware: 28 } as const;

/** What a packet must be, besides what its bytes say: any of these numbers. */
export type Known = Readonly<Partial<Record<keyof typeof KNOWN, readonly number[]>>>;
/** A jump's distance is of one byte. */
export const MOST_NUMBERS = 255;

/** One comparison after the other with what was loaded; what none of them knows goes to the rejection behind them. */
const unless = (oneOf: readonly number[]): Instruction[] => [
  ...oneOf.map((value, at): Instruction => [JUMP_IF_EQUAL, oneOf.length - at, 0, value >>> 0]),
  [RETURN, 0, 0, 0],
];

/** Comes before a program, and lets nothing else through to it. */
export const only = (wanted: Known): Instruction[] =>
  Object.entries(wanted).flatMap(([what, oneOf]): Instruction[] => [
    [LD[4], 0, 0, ANCILLARY + KNOWN[what as keyof typeof KNOWN]],
    ...unless(oneOf),
  ]);

/**
 * The program that accepts what has all marks. `behind` says whether an IPv4 header of any length comes first, as it
 * does on a raw socket. A load past the end of a datagram rejects it.
 */
export function program(marks: readonly Mark[], behind: boolean): Instruction[] {
  const lines: Instruction[] = behind ? [[LDX_IP_HEADER, 0, 0, 0]] : [];
  for (const { at, size, oneOf } of marks)
    lines.push([(behind ? LD_INDEXED : LD)[size], 0, 0, at], ...unless(oneOf));
  lines.push([RETURN, 0, 0, ALL]);
  return lines;
}

export function bytesOf(lines: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(lines.length * INSTRUCTION);
  for (const [index, [code, yes, no, value]] of lines.entries()) {
    const at = index * INSTRUCTION;
    bytes.writeUInt16LE(code, at);
    bytes[at + 2] = yes;
    bytes[at + 3] = no;
    bytes.writeUInt32LE(value, at + 4);
  }
  return bytes;
}

/** Null: attached; else the errno. The kernel copies the program. */
export function attachCode(fd: number, code: Buffer): number | null {
  const c = libc();
  const whole = { len: code.length / INSTRUCTION, filter: code };
  return c.attachFilter(fd, SOL_SOCKET, SO_ATTACH_FILTER, whole, 16) === 0 ? null : c.errno();
}

export const attachProgram = (fd: number, lines: readonly Instruction[]): number | null =>
  attachCode(fd, bytesOf(lines));

const SOL_RAW = 255;
const ICMP_FILTER = 1;
const IPPROTO_ICMPV6 = 58;
const ICMP6_FILTER = 1;
const ECHO_REPLY = { 4: 0, 6: 129 } as const;

/** A raw ICMP socket that hears echo replies and nothing else: a set bit keeps its type away. raw(7), RFC 3542 3.2. */
export function onlyEchoReplies(fd: number, family: 4 | 6): void {
  const away = Buffer.alloc(family === 6 ? 32 : 4, 0xff);
  const type = ECHO_REPLY[family];
  const word = (type >> 5) * 4;
  away.writeUInt32LE((0xffffffff & ~(1 << (type & 31))) >>> 0, word);
  if (family === 6) libc().setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, away, away.length);
  else libc().setsockopt(fd, SOL_RAW, ICMP_FILTER, away, away.length);
}

const SO_MEMINFO = 55;
/** SK_MEMINFO_DROPS, the ninth number of include/uapi/linux/sock_diag.h. */
const DROPS = 8;

/** Datagrams that the socket had no room for, since it was opened. Linux 4.12. */
export function dropsOf(fd: number): number {
  const numbers = Buffer.alloc(4 * 9);
  return libc().getsockopt(fd, SOL_SOCKET, SO_MEMINFO, numbers, int(numbers.length)) === 0
    ? numbers.readUInt32LE(4 * DROPS)
    : 0;
}
