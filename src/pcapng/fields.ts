/** Numbers and options of a block, in the byte order of its section. Reading past the end throws RangeError. */
import { OPTION, padding } from './block.ts';
import { Malformed } from './content.ts';

export class Fields {
  readonly bytes: Buffer;
  readonly #little: boolean;
  /** Byte of the file at which the block begins. */
  readonly #at: number;

  constructor(bytes: Buffer, little: boolean, at: number) {
    this.bytes = bytes;
    this.#little = little;
    this.#at = at;
  }

  u16(at: number): number {
    return this.#little ? this.bytes.readUInt16LE(at) : this.bytes.readUInt16BE(at);
  }

  u32(at: number): number {
    return this.#little ? this.bytes.readUInt32LE(at) : this.bytes.readUInt32BE(at);
  }

  u64(at: number): bigint {
    return this.#little ? this.bytes.readBigUInt64LE(at) : this.bytes.readBigUInt64BE(at);
  }

  /** Two words, the high one first. */
  moment(at: number): bigint {
    return (BigInt(this.u32(at)) << 32n) | BigInt(this.u32(at + 4));
  }

  part(from: number, length: number): Fields {
    if (from + length > this.bytes.length) throw new RangeError();
    return new Fields(this.bytes.subarray(from, from + length), this.#little, this.#at);
  }

  /** Type, length and value again and again, padded: options, and records of names. @throws Malformed */
  *records(from: number): Generator<readonly [code: number, value: Fields]> {
    for (let at = from; at + 4 <= this.bytes.length; ) {
      const code = this.u16(at);
      const length = this.u16(at + 2);
      if (code === OPTION.end) return;
      if (at + 4 + length > this.bytes.length)
        throw new Malformed(this.#at, `an option of ${length} bytes leads out of its block`);
      yield [code, this.part(at + 4, length)];
      at += 4 + length + padding(length);
    }
  }

  /** Until the end, or a zero where C would stop. */
  text(): string {
    const end = this.bytes.indexOf(0);
    return this.bytes.toString('utf8', 0, end < 0 ? this.bytes.length : end);
  }

  /** A copy: what was read stays, the piece of the file it came from need not. */
  copy(from: number, length: number): Uint8Array {
    return Uint8Array.from(this.part(from, length).bytes);
  }
}
