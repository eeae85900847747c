// The programs are run here as the kernel runs them: Documentation/networking/filter.rst.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Mark } from '../../../src/host/machine.ts';
import { bytesOf, program } from '../../../src/host/sys/socket-filter.ts';

/** Does the program let these bytes through? */
function accepts(code: Buffer, bytes: Buffer): boolean {
  let [a, x] = [0, 0];
  for (let at = 0; at < code.length; at += 8) {
    const operation = code.readUInt16LE(at);
    const value = code.readUInt32LE(at + 4);
    const size = { 32: 4, 40: 2, 48: 1, 64: 4, 72: 2, 80: 1 }[operation];
    if (size !== undefined) {
      const from = value + (operation >= 0x40 ? x : 0);
      if (from + size > bytes.length) return false;
      a = bytes.readUIntBE(from, size);
    } else if (operation === 0xb1) x = 4 * ((bytes[value] ?? 0) & 15);
    else if (operation === 0x15) at += 8 * (code[at + (a === value ? 2 : 3)] ?? 0);
    else if (operation === 0x06) return value > 0;
    else throw new Error(`no instruction ${operation}`);
  }
  throw new Error('ran past its end');
}

const mark = fc
  .record({ at: fc.integer({ min: 0, max: 12 }), size: fc.constantFrom(1 as const, 2 as const, 4 as const) })
  .chain(({ at, size }) =>
    fc
      .array(fc.integer({ min: 0, max: 256 ** size - 1 }), { maxLength: 250 })
      .map((oneOf): Mark => ({ at, size, oneOf })),
  );

const holds = (bytes: Buffer, { at, size, oneOf }: Mark): boolean =>
  at + size <= bytes.length && oneOf.includes(bytes.readUIntBE(at, size));

test('lets through what has all marks, and nothing else', () => {
  const datagram = fc.uint8Array({ maxLength: 24 });
  fc.assert(
    fc.property(fc.array(mark, { maxLength: 3 }), datagram, fc.boolean(), (marks, random, marked) => {
      const bytes = Buffer.from(random);
      for (const { at, size, oneOf } of marked ? marks : [])
        if (oneOf.length > 0 && at + size <= bytes.length) bytes.writeUIntBE(oneOf.at(-1)!, at, size);
      expect(accepts(bytesOf(program(marks, false)), bytes)).toBe(marks.every((one) => holds(bytes, one)));
    }),
  );
});

test('finds the message behind an IP header of any length', () => {
  const marks: Mark[] = [{ at: 8, size: 4, oneOf: [0xdeadbeef] }];
  for (const words of [5, 8, 15]) {
    const packet = Buffer.alloc(words * 4 + 16);
    packet[0] = 0x40 | words;
    packet.writeUInt32BE(0xdeadbeef, words * 4 + 8);
    expect(accepts(bytesOf(program(marks, true)), packet)).toBe(true);
    packet[words * 4 + 9] = 0;
    expect(accepts(bytesOf(program(marks, true)), packet)).toBe(false);
  }
});
