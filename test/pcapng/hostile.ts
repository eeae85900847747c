/** Files that somebody made to harm their reader: whole ones with some bytes changed, cut, doubled or put elsewhere. */
import fc from 'fast-check';
import { u16, u32 } from '../../src/pcapng/block.ts';
import { LINK } from '../../src/pcapng/content.ts';
import { blocks, frame, read } from './sample.ts';

const pcap = Buffer.concat([
  Buffer.from('d4c3b2a1', 'hex'),
  u16(2, 4),
  u32(0, 0, 96, LINK.ethernet),
  ...Array.from({ length: 4 }, (_, at) => Buffer.concat([u32(at, 5, frame().length, 1500), frame()])),
]);

const order = fc
  .array(fc.nat(blocks.length - 1), { maxLength: 30 })
  .map((all) => Buffer.concat(all.map((at) => blocks[at]!)));
const whole = fc.oneof(order, fc.constant(Buffer.concat(blocks)), fc.constant(pcap));
/** Numbers at which lengths go wrong. */
const evil = fc.oneof(
  fc.constantFrom(0, 1, 3, 4, 11, 12, 28, 0x7fff, 0xffff, 0x7fffffff, 0xfffffffc, 0xffffffff),
  fc.nat(0xffff),
);
const change = fc.record({ at: fc.nat(), value: evil, size: fc.constantFrom(1, 2, 4) });

export const hostile = fc
  .record({
    file: whole,
    changes: fc.array(change, { maxLength: 6 }),
    keep: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.boolean(),
  })
  .map(({ file, changes, keep, cut }) => {
    const bytes = Buffer.from(cut ? file.subarray(0, Math.ceil(file.length * keep)) : file);
    for (const { at, value, size } of changes) {
      const place = bytes.length < 4 ? -1 : at % (bytes.length - 3);
      if (place >= 0) bytes.writeUIntLE(value % 2 ** (8 * size), place, size);
    }
    return bytes;
  });

/** The reader ends, throws nothing but what it says of the file, and holds no more than the file. */
export function withstood(bytes: Buffer): boolean {
  const { items, malformed, incomplete } = read(bytes);
  const packets = items.reduce((sum, item) => sum + (item.type === 'packet' ? item.bytes.length : 0), 0);
  const inPieces = read(bytes, 13);
  return (
    packets <= bytes.length &&
    (malformed === null || malformed.length < 200) &&
    inPieces.items.length === items.length &&
    inPieces.malformed === malformed &&
    inPieces.incomplete === incomplete
  );
}
