import { expect, it } from 'vitest';
import { Segmenter } from '../../../src/output/line/segmenter.ts';

const real = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

it.each([
  'plain words',
  'netdoctor ▸ eth0 ─→ br0 ✓ … ✗ ⠋',
  '\u001b[1mfett\u001b[22m und\nzweite Zeile',
  'e\u0301 und 👨‍👩‍👧',
  '漢字 \r\n 한국어',
  '',
])('tells the graphemes of %j as Intl.Segmenter does', (text) => {
  const own = new Segmenter(undefined, { granularity: 'grapheme' }).segment(text);
  expect([...own]).toEqual([...real.segment(text)].map((one) => ({ ...one })));
  for (const index of [0, 1, text.length - 1, text.length])
    expect(own.containing(index)).toEqual(real.segment(text).containing(index));
});

it('leaves words to the real one', () => {
  const [first] = new Segmenter('en', { granularity: 'word' }).segment('two words');
  expect(first).toMatchObject({ segment: 'two', isWordLike: true });
});
