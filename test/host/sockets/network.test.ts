// What is told without iproute2, in its words: the pieces that a lab has no example of.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { addressText } from '../../../src/host/sockets/network/address-text.ts';
import { Unworded, unlessUnworded } from '../../../src/host/sockets/network/entry.ts';
import { linkFrom } from '../../../src/host/sockets/network/link.ts';
import { namesIn, pairsIn } from '../../../src/host/sockets/network/names.ts';
import { routeEntry, routeFrom } from '../../../src/host/sockets/network/route.ts';
import { ruleFrom } from '../../../src/host/sockets/network/rule.ts';
import { known } from '../../../src/model/answer.ts';
import { cannotLook } from '../../../src/model/failure.ts';

const bytes = (...words: number[]): Buffer => {
  const out = Buffer.alloc(16);
  for (const [at, word] of words.entries()) out.writeUInt16BE(word, 2 * at);
  return out;
};

test.each([
  ['192.0.2.1', Buffer.of(192, 0, 2, 1)],
  ['::', bytes(0, 0, 0, 0, 0, 0, 0, 0)],
  ['::1', bytes(0, 0, 0, 0, 0, 0, 0, 1)],
  ['::ffff:192.0.2.1', bytes(0, 0, 0, 0, 0, 0xffff, 0xc000, 0x201)],
  ['::192.0.2.1', bytes(0, 0, 0, 0, 0, 0, 0xc000, 0x201)],
  ['::1:0:0:2:3:4', bytes(0, 0, 1, 0, 0, 2, 3, 4)],
  ['1:0:2:3:4:5:6:7', bytes(1, 0, 2, 3, 4, 5, 6, 7)],
  ['fe80::', bytes(0xfe80, 0, 0, 0, 0, 0, 0, 0)],
])('%s is written as inet_ntop(3) writes it', (text, address) => {
  expect(addressText(address)).toBe(text);
});

/** As browsers read and write it: an IPv4 address at its end is two of its words, which ipaddr.js takes for a mapped one. */
const normal = (text: string): string => new URL(`http://[${text}]`).hostname;

test('every address can be read again', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(0, 0, 0, 0, 1, 0xab, 0xff), { minLength: 16, maxLength: 16 }),
      (all) => {
        const address = Uint8Array.from(all);
        const whole = Buffer.from(address).toString('hex').match(/..../g)!.join(':');
        expect(normal(addressText(address))).toBe(normal(whole));
      },
    ),
    { examples: [[[...Array(12).fill(0), 255, 0, 0, 0]]] },
  );
});

test('names of numbers are read as iproute2 does', () => {
  const text = '# reserved\n255\tlocal\n  0x64 blue # the blue one\n\n7 a b\n8 never\n';
  expect(pairsIn(text)).toEqual([
    [255, 'local'],
    [100, 'blue'],
  ]);
});

test('a FIFO in the place of a file of names keeps nobody waiting, and the next folder counts', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'netdoctor-names-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [first, second] = [path.join(folder, 'first'), path.join(folder, 'second')];
  for (const one of [first, second]) mkdirSync(path.join(one, 'rt_tables.d'), { recursive: true });
  await execa('mkfifo', [path.join(first, 'rt_tables'), path.join(first, 'rt_tables.d/waits.conf')]);
  writeFileSync(path.join(second, 'rt_tables'), '7 blue\n');
  writeFileSync(path.join(second, 'rt_tables.d/more.conf'), '8 green\n');
  const names = namesIn([first, second], 'rt_tables');
  expect([7, 8, 254].map((number) => names.get(number))).toEqual(['blue', 'green', 'main']);
});

const attribute = (type: number, value: Buffer): Buffer => {
  const out = Buffer.alloc((4 + value.length + 3) & ~3);
  out.writeUInt16LE(4 + value.length, 0);
  out.writeUInt16LE(type, 2);
  value.copy(out, 4);
  return out;
};
const word = (value: number): Buffer => Buffer.of(value & 255, (value >> 8) & 255, 0, 0);

function linkOf(type: number, kind: string): Buffer {
  const head = Buffer.alloc(16);
  head.writeUInt16LE(type, 2);
  head.writeInt32LE(9, 4);
  const info = attribute(18, attribute(1, Buffer.from(`${kind}\0`)));
  return Buffer.concat([head, attribute(3, Buffer.from('x0\0')), info]);
}

test.each([
  ['IPv4', 2, { type: 'unicast', dst: 'default', table: 'main', flags: [], cache: ['redirected'] }],
  ['IPv6', 10, { type: 'unicast', dst: 'default', table: 'main', flags: [] }],
])('what %s remembers is told without who made it', (_, family, told) => {
  const body = Buffer.of(family, 0, 0, 0, 254, 2, 253, 1, 0, 0, 0, 0);
  body.writeUInt32LE(0x200 | 0x40000, 8);
  expect(routeEntry(body, { name: String })).toEqual(told);
  expect(routeFrom(body, { name: String })).toBeNull();
});

test('the tunnel that a route names is told beside its own destination', () => {
  const id = Buffer.alloc(8);
  id.writeBigUInt64BE(42n);
  const tunnel = [attribute(1, id), attribute(2, Buffer.of(192, 0, 2, 2)), attribute(3, Buffer.alloc(4))];
  const encap = [attribute(21, Buffer.of(2, 0)), attribute(22, Buffer.concat(tunnel))];
  const head = Buffer.of(2, 24, 0, 0, 254, 3, 0, 1, 0, 0, 0, 0);
  const body = Buffer.concat([head, attribute(1, Buffer.of(10, 90, 0, 0)), ...encap]);
  expect(routeEntry(body, { name: String })).toMatchObject({
    dst: '10.90.0.0/24',
    encap: 'ip',
    tunnel: { id: 42, src: '0.0.0.0', dst: '192.0.2.2' },
  });
  const other = Buffer.concat([head, attribute(21, Buffer.of(5, 0)), attribute(22, Buffer.alloc(8))]);
  expect(routeEntry(other, { name: String })).not.toHaveProperty('tunnel');
});

test.each([
  ['a kind of link', () => linkFrom(linkOf(1, 'bond'))],
  ['a wire', () => linkFrom(linkOf(768, 'ipip'))],
  ['a selector of a rule', () => ruleFrom(Buffer.concat([Buffer.alloc(12), attribute(25, Buffer.of(8))]))],
  ['a masked port', () => ruleFrom(Buffer.concat([Buffer.alloc(12), attribute(29, word(0xfff))]))],
  ['realms', () => ruleFrom(Buffer.concat([Buffer.alloc(12), attribute(11, word(3))]))],
])('%s that has no words here is left to iproute2', (_, read) => {
  expect(read).toThrow(Unworded);
});

test('so is everything where a native part is missing; what is wrong in here is not hidden', () => {
  const missing = () => {
    throw cannotLook('no-koffi', 'netdoctor lacks its package koffi.', 'npm run setup');
  };
  expect(unlessUnworded(['ip'], missing)).toMatchObject({ known: false, because: 'unsupported' });
  expect(unlessUnworded(['ip'], () => known(1, []))).toMatchObject({ value: 1 });
  const wrong = () => {
    throw new RangeError('out of range');
  };
  expect(() => unlessUnworded(['ip'], wrong)).toThrow(RangeError);
});
