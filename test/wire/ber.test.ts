import { expect, it } from 'vitest';
import { elementAt, elementsOf, encode } from '../../src/wire/ber.ts';

it('reads back what it wrote, short and long', () => {
  for (const size of [0, 1, 127, 128, 300]) {
    const bytes = encode(4, Buffer.alloc(size, 7));
    expect(elementAt(bytes, 0)).toMatchObject({ tag: 4, end: bytes.length });
    expect(elementAt(bytes, 0)?.content.length).toBe(size);
  }
});

it('lists what stands in another, and stops at what does not end', () => {
  const inner = Buffer.concat([encode(2, Buffer.from([3])), encode(4)]);
  expect(elementsOf(inner).map(({ tag }) => tag)).toEqual([2, 4]);
  expect(elementsOf(Buffer.concat([inner, Buffer.from([4, 9, 1])])).map(({ tag }) => tag)).toEqual([2, 4]);
});

it('believes no length beyond the bytes, none of more than two bytes, and none without an end', () => {
  for (const bad of ['04', '0405', '0481', '04820100', '0484000000010a', '0480'])
    expect([bad, elementAt(Buffer.from(bad, 'hex'), 0)]).toEqual([bad, undefined]);
});
