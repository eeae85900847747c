// What was written is read again; what breaks a rule of the format is said to, and what stood before it is kept.
import { describe, expect, test } from 'vitest';
import { BLOCK, block, u16, u32, u64 } from '../../src/pcapng/block.ts';
import { LINK } from '../../src/pcapng/content.ts';
import { attachmentBlocks, interfaceBlock, packetBlock, sectionBlock } from '../../src/pcapng/writer.ts';
import {
  blocks,
  container,
  frame,
  names,
  packet,
  packets,
  read,
  recording,
  SNAPLEN,
  sample,
  statistics,
  uplink,
} from './sample.ts';

const section = sectionBlock('netdoctor', null);
const one = interfaceBlock(uplink, LINK.ethernet, SNAPLEN);
const file = (...parts: Uint8Array[]): Buffer => Buffer.concat([section, one, ...parts]);

describe('what was written', () => {
  test.each([1, 7, 65_536])('is read again, in pieces of %s bytes', (piece) => {
    expect(read(sample, piece)).toEqual({
      malformed: null,
      incomplete: null,
      items: [
        { type: 'section', format: 'pcapng', application: 'netdoctor 0.1.0', os: 'Linux 6.18', comments: [] },
        { type: 'interface', number: 0, link: LINK.ethernet, snaplen: SNAPLEN, ...container },
        { type: 'interface', number: 1, link: LINK.ethernet, snaplen: SNAPLEN, ...uplink },
        { type: 'names', names },
        ...packets.map((saved) => ({ type: 'packet', link: LINK.ethernet, ...saved })),
        { type: 'statistics', ...statistics },
        { type: 'attachment', ...recording },
      ],
    });
  });

  test('a recording of many parts', () => {
    // What cannot be compressed: numbers of a simple generator.
    let seed = 1;
    const text = Array.from({ length: 700_000 }, () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed.toString(36);
    }).join('');
    const parts = attachmentBlocks({ ...recording, text });
    expect(parts.length).toBeGreaterThan(2);
    expect(read(file(...parts)).items.at(-1)).toEqual({ type: 'attachment', ...recording, text });
    expect(read(file(...parts.slice(0, -1)))).toMatchObject({
      incomplete: 'it ends within what netdoctor keeps there',
    });
    expect(read(file(parts[1]!)).malformed).toMatch(/part 2 .* where part 1/);
  });

  test('a stranger’s name is written without what would move a cursor, and a long one cut', () => {
    const shown = { ...uplink, name: 'we\u001b[2Jb\u202e', description: 'ü'.repeat(60_000) };
    const [, found] = read(Buffer.concat([section, interfaceBlock(shown, LINK.ethernet, 0)])).items;
    expect(found).toMatchObject({ name: 'we[2Jb', description: 'ü'.repeat(32_767) });
  });
});

describe('a file cut short', () => {
  test('is read as far as it goes, wherever it was cut', () => {
    const ends = blocks.map((_, index) => Buffer.concat(blocks.slice(0, index + 1)).length);
    for (let length = 28; length < sample.length; length += 5) {
      const whole = ends.filter((end) => end <= length).length;
      const { items, incomplete, malformed } = read(sample.subarray(0, length));
      expect({ length, items: items.length, malformed }).toEqual({ length, items: whole, malformed: null });
      if (ends.includes(length)) expect(incomplete).toBeNull();
      else expect(incomplete).toBe(`it ends within a record that begins at byte ${ends[whole - 1] ?? 0}`);
    }
  });
});

describe('what other programs write', () => {
  /** The same in the other byte order, by hand: section, interface in microseconds, packet. */
  const big = Buffer.concat([
    Buffer.from('0a0d0d0a0000001c1a2b3c4d00010000ffffffffffffffff0000001c', 'hex'),
    Buffer.from('000000010000001400650000000000ff00000014', 'hex'),
    Buffer.from('000000060000002400000000000600000000000a0000000300000005414243000000' + '0024', 'hex'),
  ]);

  test('big-endian, in the microseconds that hold where nothing is said', () => {
    const { items, malformed } = read(big);
    expect(malformed).toBeNull();
    expect(items.at(-1)).toMatchObject({
      link: LINK.raw,
      at: (0x60000n * 2n ** 32n + 10n) * 1000n,
      length: 5,
      bytes: Uint8Array.from(Buffer.from('ABC')),
    });
  });

  test('units of a power of two, an offset, simple and obsolete packets, unknown blocks', () => {
    const odd = block(
      BLOCK.interface,
      [u16(LINK.raw, 0), u32(4)],
      [
        [9, Uint8Array.of(0x8a)],
        [14, u64(100n)],
      ],
    );
    const obsolete = block(BLOCK.packet, [u16(0, 2), u32(0, 1024 * 3, 2, 2), Buffer.from('ab'), u16(0)]);
    const { items } = read(
      Buffer.concat([
        section,
        odd,
        block(BLOCK.simple, [u32(6), Buffer.from('abcd')]),
        block(0x9999, [u32(1, 2, 3)]),
        obsolete,
      ]),
    );
    expect(items.slice(2)).toMatchObject([
      { type: 'packet', at: null, length: 6, bytes: Uint8Array.from(Buffer.from('abcd')) },
      { type: 'packet', at: 103_000_000_000n, length: 2, lost: 2n },
    ]);
  });

  test('a second section begins its interfaces anew, in its own byte order', () => {
    const { items, malformed } = read(Buffer.concat([sample, big]));
    expect(malformed).toBeNull();
    expect(items.at(-2)).toMatchObject({ type: 'interface', number: 0, link: LINK.raw });
  });
});

describe('the older format', () => {
  const record = frame('abc');
  const pcap = (magic: string, little: boolean): Buffer => {
    const words = (...values: number[]): Buffer => (little ? u32(...values) : u32(...values).swap32());
    const version = little ? u16(2, 4) : u16(2, 4).swap16();
    return Buffer.concat([
      Buffer.from(magic, 'hex'),
      version,
      words(0, 0, 96, LINK.ethernet),
      words(100, 5, record.length, 1500),
      record,
    ]);
  };

  test.each([
    ['d4c3b2a1', true, 5000n],
    ['a1b2c3d4', false, 5000n],
    ['4d3cb2a1', true, 5n],
    ['a1b23c4d', false, 5n],
  ] as const)('%s', (magic, little, nanoseconds) => {
    for (const piece of [3, 65_536])
      expect(read(pcap(magic, little), piece)).toMatchObject({
        incomplete: null,
        items: [
          { type: 'section', format: 'pcap' },
          { type: 'interface', link: LINK.ethernet, snaplen: 96 },
          { type: 'packet', at: 100_000_000_000n + nanoseconds, length: 1500, bytes: record },
        ],
      });
  });

  test('cut within a packet', () => {
    expect(read(pcap('d4c3b2a1', true).subarray(0, -1))).toMatchObject({
      incomplete: 'it ends within a record that begins at byte 24',
    });
  });
});

describe('a file that is none, or breaks a rule', () => {
  const long = Buffer.from(packetBlock(packet()));
  const changed = (at: number, value: number, bytes: Uint8Array = long): Buffer => {
    const copy = Buffer.from(bytes);
    copy.writeUInt32LE(value, at);
    return copy;
  };
  const option = (code: number, length: number): Buffer =>
    Buffer.from(block(BLOCK.enhanced, [u32(0, 0, 0, 0, 0), u16(code, length), u32(0)]));

  test.each([
    ['nothing', Buffer.alloc(0), 'it is empty'],
    ['two bytes', Buffer.from('ab'), 'it is too short to be a capture'],
    ['text', Buffer.from('hello world, this is no capture'), 'it is neither pcapng nor pcap'],
    ['a compressed file', Buffer.from('1f8b0800000000000003', 'hex'), 'it is compressed (gunzip it first)'],
    ['no byte order', changed(8, 1, section), 'its section has no byte order'],
    [
      'another version',
      Buffer.from(block(BLOCK.section, [u32(0x1a2b3c4d), u16(2, 0), u32(0, 0)])),
      'its format is version 2.0 of pcapng',
    ],
    [
      'a giant block',
      file(changed(4, 0xfffffff0)),
      'a block of 4294967280 bytes is longer than any reader takes',
    ],
    ['a block of no length', file(changed(4, 0)), 'a block of 0 bytes cannot be'],
    ['a block of odd length', file(changed(4, 33)), 'a block of 33 bytes cannot be'],
    [
      'two lengths',
      file(changed(long.length - 4, 8)),
      `a block of ${long.length} bytes says at its end that it has 8`,
    ],
    [
      'a packet before its interface',
      Buffer.concat([section, long]),
      'it speaks of interface 0, which was not described',
    ],
    ['a packet of no interface', file(changed(8, 9)), 'it speaks of interface 9, which was not described'],
    [
      'a giant packet',
      file(changed(20, 0x7fffffff)),
      'a packet of 2147483647 bytes is longer than any reader takes',
    ],
    ['a packet longer than its block', file(changed(20, 4000)), 'a block is shorter than what it holds'],
    ['an option that leads out', file(option(1, 400)), 'an option of 400 bytes leads out of its block'],
    ['an option without its value', file(option(5, 2)), 'a block is shorter than what it holds'],
    [
      'an empty interface',
      Buffer.concat([section, block(BLOCK.interface, [])]),
      'a block is shorter than what it holds',
    ],
    [
      'a clock of 10^-99 s',
      Buffer.concat([section, block(BLOCK.interface, [u16(1, 0), u32(0)], [[9, Uint8Array.of(99)]])]),
      'its clock is finer than any',
    ],
    [
      'a damaged recording',
      file(block(BLOCK.custom, [u32(32473), Buffer.from('netdoctor/recording/1 1/1 4\nabcd')])),
      'netdoctor/recording/1 cannot be unpacked: Z_DATA_ERROR',
    ],
    [
      'a recording shorter than it says',
      file(block(BLOCK.custom, [u32(32473), Buffer.from('netdoctor/recording/1 1/1 4000\nabcdx')])),
      'a part of netdoctor/recording/1 is shorter than it says',
    ],
  ])('%s', (_, bytes, malformed) => {
    for (const piece of [1, 65_536]) expect(read(bytes, piece)).toMatchObject({ malformed });
  });

  test('what stands before it is kept', () => {
    expect(read(file(long, changed(8, 9))).items).toHaveLength(3);
  });

  test('options that say nothing, again and again, come to an end', () => {
    const empty = Buffer.alloc(4 * 1024 * 1024);
    for (let at = 0; at < empty.length; at += 4) empty.writeUInt16LE(99, at);
    expect(read(file(block(BLOCK.enhanced, [u32(0, 0, 0, 0, 0), empty])))).toMatchObject({ malformed: null });
  });

  test('a bomb of a recording is not unpacked', () => {
    const bomb = attachmentBlocks({ ...recording, text: ' '.repeat(70 * 1024 * 1024) });
    expect(Buffer.concat(bomb).length).toBeLessThan(1024 * 1024);
    expect(read(file(...bomb)).malformed).toBe(
      'netdoctor/recording/1 cannot be unpacked: ERR_BUFFER_TOO_LARGE',
    );
  });

  test('ten thousand interfaces are enough', () => {
    const many = Buffer.concat([section, ...Array.from({ length: 10_001 }, () => one)]);
    expect(read(many)).toMatchObject({ malformed: 'it describes more than 10000 interfaces' });
  });
});
