import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Syn } from '../../src/model/header.ts';
import { readSyn, writeSyn } from '../../src/wire/syn.ts';

// A connect of Linux to a closed port, as tcpdump -xx printed it.
const KERNEL = Buffer.from(
  'ddd20051030c909200000000a002faf034bd0000020405b40402080a7ed1b0330000000001 03030a'.replace(/\s/g, ''),
  'hex',
);
const ENDS = { source: '10.88.0.2', destination: '198.51.100.1', sourcePort: 56_786, destinationPort: 81 };

/** Ones' complement sum over pseudo header and segment: 0xffff where the checksum is right. */
function sum(source: number[], destination: number[], segment: Uint8Array): number {
  const bytes = [...source, ...destination, 0, 6, 0, segment.length, ...segment];
  let total = 0;
  for (let at = 0; at < bytes.length; at += 2) total += bytes[at]! * 256 + bytes[at + 1]!;
  return (total & 0xffff) + (total >> 16);
}
const A = [10, 88, 0, 2];
const B = [198, 51, 100, 1];

test('reads what the kernel wrote', () => {
  expect(readSyn(KERNEL)).toEqual({
    ecn: 0,
    options: { 2: '05b4', 3: '0a', 4: '', 8: '7ed1b03300000000' },
  });
});

test('the sum of the test agrees with the kernel’s own checksum', () => {
  // The reset that answered it: of the SYN above the device was left to finish the checksum.
  const reset = Buffer.from('0051ddd200000000030c909350140000097f0000', 'hex');
  expect(sum(B, A, reset)).toBe(0xffff);
});

const syn = fc.record({
  ecn: fc.integer({ min: 0, max: 7 }),
  options: fc
    .dictionary(
      fc.integer({ min: 2, max: 60 }).map(String),
      fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes).toString('hex')),
      { maxKeys: 4 },
    )
    .map((all) => ({ ...all }) as Record<number, string>),
});

test('what is written reads the same, is whole words long, and its checksum is right', () => {
  fc.assert(
    fc.property(syn, fc.integer({ min: 0, max: 0xffffffff }), (wanted: Syn, sequence) => {
      const segment = writeSyn(ENDS, sequence, wanted);
      expect(readSyn(segment)).toEqual(wanted);
      expect(segment.length % 4).toBe(0);
      expect(Buffer.from(segment).readUInt32BE(4)).toBe(sequence);
      expect(sum(A, B, segment)).toBe(0xffff);
    }),
  );
});

test('a capture that ends early, and options that lie about their length, are no error', () => {
  for (let length = 0; length < KERNEL.length; length++)
    expect(() => readSyn(KERNEL.subarray(0, length))).not.toThrow();
  const lying = Buffer.from(KERNEL);
  lying[21] = 0;
  expect(readSyn(lying).options).toEqual({});
  lying[21] = 200;
  expect(readSyn(lying).options).toEqual({});
});

test('more options than a header holds are refused', () => {
  expect(() => writeSyn(ENDS, 1, { ecn: 0, options: { 30: '00'.repeat(39) } })).toThrow(/41 bytes/);
});
