import fc from 'fast-check';
import { expect, it } from 'vitest';
import { saysItself, words } from '../../src/kernel/rule-words.ts';

/** xtables_save_string of libxtables: plain where it may stand so, else quoted, with quotes and strokes escaped. */
const saved = (word: string): string =>
  /^[\w-]+$/.test(word) ? word : `"${word.replace(/["'\\]/g, (sign) => `\\${sign}`)}"`;

it('a rule comes back from its own words, whatever its comment says', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (comment) => {
      const line = `-A INPUT -s 10.0.0.0/8 -m comment --comment ${saved(comment)} -j DROP`;
      if (/[\u0000-\u001f\u007f]/.test(comment)) return expect(saysItself(line)).toBe(false);
      expect(saysItself(line)).toBe(true);
      expect(words(line).at(-3)).toBe(comment);
    }),
  );
});

it.each([
  '-A INPUT --comment "a --modprobe=/x',
  '-A INPUT --comment a"b',
  '-A INPUT --comment "a"b"',
  '-A INPUT  -j DROP',
  '-A INPUT --comment "a\nb" -j DROP',
  '-A INPUT --comment "a\\',
])('%j does not say itself', (line) => expect(saysItself(line)).toBe(false));
