/** The general block structure and its options: draft-ietf-opsawg-pcapng sections 3.1 and 3.5. Little-endian. */

export const BLOCK = {
  section: 0x0a0d0d0a,
  interface: 1,
  /** Obsolete. */
  packet: 2,
  simple: 3,
  names: 4,
  statistics: 5,
  enhanced: 6,
  custom: 0xbad,
} as const;

export const BYTE_ORDER = 0x1a2b3c4d;
export const OPTION = {
  end: 0,
  comment: 1,
  section: { hardware: 2, os: 3, application: 4 },
  interface: { name: 2, description: 3, ipv4: 4, ipv6: 5, resolution: 9, filter: 11, offset: 14 },
  packet: { flags: 2, lost: 4, id: 5 },
  statistics: { from: 2, until: 3, accepted: 6, lost: 7 },
} as const;

/** epb_flags, its two lowest bits. */
export const DIRECTION = { in: 1, out: 2 } as const;

/** The longest value an option has room for, in bytes: its length is a short. */
const LONGEST_OPTION = 65_535;

export type Option = readonly [code: number, value: Uint8Array];

/** How many bytes are missing to whole words of 32 bits. */
export const padding = (length: number): number => (4 - (length % 4)) % 4;

/** Padded with zeros to whole words of 32 bits. */
export function padded(bytes: Uint8Array): Uint8Array {
  const missing = padding(bytes.length);
  return missing === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(missing)]);
}

export function u16(...values: number[]): Buffer {
  const out = Buffer.alloc(values.length * 2);
  for (const [at, value] of values.entries()) out.writeUInt16LE(value, at * 2);
  return out;
}

export function u32(...values: number[]): Buffer {
  const out = Buffer.alloc(values.length * 4);
  for (const [at, value] of values.entries()) out.writeUInt32LE(value, at * 4);
  return out;
}

export function u64(value: bigint): Buffer {
  const out = Buffer.alloc(8);
  out.writeBigUInt64LE(value);
  return out;
}

/** A moment is two words of 32 bits, the high one first in either byte order. */
export const moment = (at: bigint): Buffer => u32(Number(at >> 32n), Number(at & 0xffffffffn));

/** Text for an option; one that is too long is cut between two characters. */
export function text(value: string): Uint8Array {
  const bytes = Buffer.from(value, 'utf8');
  if (bytes.length <= LONGEST_OPTION) return bytes;
  let end = LONGEST_OPTION;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}

function options(list: readonly Option[]): Uint8Array {
  if (list.length === 0) return new Uint8Array();
  const parts = list.flatMap(([code, value]) => [u16(code, value.length), padded(value)]);
  return Buffer.concat([...parts, u16(OPTION.end, 0)]);
}

export function block(type: number, body: readonly Uint8Array[], list: readonly Option[] = []): Uint8Array {
  const inside = padded(Buffer.concat([...body, options(list)]));
  const length = inside.length + 12;
  return Buffer.concat([u32(type, length), inside, u32(length)]);
}
