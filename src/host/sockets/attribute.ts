/** Attributes of netlink as they are sent: netlink(7). */

const HEAD = 4;
const NLA_F_NESTED = 0x8000;

/** One with these bytes, filled up to a whole word. */
export function attribute(type: number, bytes: Uint8Array): Buffer {
  const whole = Buffer.alloc(HEAD + ((bytes.length + 3) & ~3));
  whole.writeUInt16LE(HEAD + bytes.length, 0);
  whole.writeUInt16LE(type, 2);
  whole.set(bytes, HEAD);
  return whole;
}

/** A number of four bytes, in the machine's order; a negative one as it lies in memory. */
export function number(type: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return attribute(type, bytes);
}

/** A string ends with a zero byte. */
export const words = (type: number, text: string): Buffer => attribute(type, Buffer.from(`${text}\0`));

export const nest = (type: number, ...inside: readonly Buffer[]): Buffer =>
  attribute(type | NLA_F_NESTED, Buffer.concat(inside));
