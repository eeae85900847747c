import { expect, it } from 'vitest';
import {
  encodeLookUp,
  encodeQuestion,
  framed,
  isAskable,
  questionIn,
  readAnswer,
  unframed,
} from '../../src/wire/dns-message.ts';

/** A response to a question about `a.b`, with these flags and records. */
function response(flags: number, records: readonly Uint8Array[] = []): Buffer {
  const question = Buffer.from(encodeQuestion(7, 'a.b', 1));
  question.writeUInt16BE(0x8000 | flags, 2);
  question.writeUInt16BE(records.length, 6);
  return Buffer.concat([question, ...records]);
}
const ADDRESS = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 192, 0, 2, 1]);
const ALIAS = Buffer.from([0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 9, 0, 2, 0xc0, 12]);

it('reads what a response says of itself', () => {
  expect(readAnswer(response(0x80, [ALIAS, ADDRESS]))).toMatchObject({
    id: 7,
    rcode: 0,
    records: 2,
    addresses: ['192.0.2.1'],
    truncated: false,
    lame: false,
  });
  expect(readAnswer(response(0x280, [ADDRESS]))?.truncated).toBe(true);
  expect(readAnswer(response(0x85))?.rcode).toBe(5);
  expect(readAnswer(encodeQuestion(7, 'a.b', 1))).toBeUndefined();
});

it('calls a server lame that is neither authoritative nor recursive, and has nothing', () => {
  expect(readAnswer(response(0))?.lame).toBe(true);
  expect(readAnswer(response(0x400))?.lame).toBe(false);
  expect(readAnswer(response(0x80))?.lame).toBe(false);
  expect(readAnswer(response(3))?.lame).toBe(false);
});

it('asks as plainly as a C library, and with what its options add', () => {
  expect(encodeLookUp(7, 'a.b', 28)).toEqual(encodeQuestion(7, 'a.b', 28));
  const full = Buffer.from(encodeLookUp(7, 'a.b', 1, { edns: true, trustAd: true }));
  expect(full[3]).toBe(0x20);
  expect(full.readUInt16BE(10)).toBe(1);
  expect(full.subarray(-11).readUInt16BE(3)).toBe(1200);
});

it('knows a whole message of a stream from a part of one', () => {
  const message = encodeQuestion(7, 'a.b', 1);
  const stream = framed(message);
  expect(unframed(stream)).toEqual(Buffer.from(message));
  for (const length of [0, 1, 2, stream.length - 1])
    expect(unframed(stream.subarray(0, length))).toBeUndefined();
});

it('knows which names fit into a question', () => {
  for (const name of ['a', 'a.b.', `${'a'.repeat(63)}.b`]) expect(isAskable(name)).toBe(true);
  for (const name of ['', '.', 'a..b', '.a', `${'a'.repeat(64)}.b`, `${'abc.'.repeat(63)}abc`])
    expect(isAskable(name)).toBe(false);
});

/** An alias whose target is written like this. */
const aliasOf = (target: readonly number[]): Buffer =>
  Buffer.from([0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 9, 0, target.length, ...target]);

it('reads what a name stands for, compressed or not, and follows no pointer in circles', () => {
  const c = 'c'.charCodeAt(0);
  expect(readAnswer(response(0x80, [aliasOf([1, c, 0xc0, 12])]))?.alias).toBe('c.a.b');
  expect(readAnswer(response(0x80, [aliasOf([1, c, 0])]))?.alias).toBe('c');
  const own = response(0x80).length + 12;
  expect(readAnswer(response(0x80, [aliasOf([0xc0, own])]))?.alias).toBeUndefined();
  expect(readAnswer(response(0x80, [aliasOf([60, c])]))?.alias).toBeUndefined();
  expect(readAnswer(response(0x80, [ADDRESS]))?.alias).toBeUndefined();
});

it('reads no name that none can be: cut in its pointer, with a label or in all too long', () => {
  const c = 'c'.charCodeAt(0);
  const label = (length: number): number[] => [length, ...Array<number>(length).fill(c)];
  const alias = (target: readonly number[]) => readAnswer(response(0x80, [aliasOf(target)]))?.alias;
  expect(alias([1, c, 0xc0])).toBeUndefined();
  expect(alias([...label(64), 0])).toBeUndefined();
  const whole = [...label(63), ...label(63), ...label(63)];
  expect(alias([...whole, ...label(61), 0])).toHaveLength(253);
  expect(alias([...whole, ...label(62), 0])).toBeUndefined();
  // Each piece is short enough.
  expect(alias([...whole, ...label(57), 0xc0, 12])).toHaveLength(253);
  expect(alias([...whole, ...label(58), 0xc0, 12])).toBeUndefined();
});

it('reads what a message asks, and nothing of a name that is compressed or cut', () => {
  const question = Buffer.from(encodeQuestion(7, 'a.b', 28));
  expect(questionIn(question)).toEqual({ id: 7, recursive: true, name: 'a.b', type: 28 });
  for (let length = 0; length < question.length; length++)
    expect(questionIn(question.subarray(0, length))).toBeUndefined();
  const compressed = Buffer.from(question);
  compressed[14] = 0xc0;
  expect(questionIn(compressed)).toBeUndefined();
  const reserved = Buffer.from(question);
  reserved[12] = 0x40;
  expect(questionIn(reserved)).toBeUndefined();
});

it('what stands before an unreadable name counts, and nothing behind it', () => {
  const strange = Buffer.from(ADDRESS);
  strange[0] = 0x80;
  expect(readAnswer(response(0x80, [ADDRESS, strange, ADDRESS]))).toMatchObject({
    records: 3,
    addresses: ['192.0.2.1'],
  });
});
