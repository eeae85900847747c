import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { named, plain, quote, shellLine } from '../../src/words/text.ts';

/** Controls, formats, separators, fillers, variations and tags, each with what Unicode calls it. */
const UNSEEN = [
  '\u0000',
  '\u0007',
  '\u001b',
  '\u007f',
  '\u009b',
  '\u009d',
  '\u00ad',
  '\u034f',
  '\u061c',
  '\u115f',
  '\u1160',
  '\u17b4',
  '\u180b',
  '\u180e',
  '\u200b',
  '\u200d',
  '\u200f',
  '\u2028',
  '\u2029',
  '\u202e',
  '\u2060',
  '\u2064',
  '\u2066',
  '\u206a',
  '\u206f',
  '\u2800',
  '\u3164',
  '\ufe00',
  '\ufe0f',
  '\ufeff',
  '\uffa0',
  '\ufff9',
  '\u{e0001}',
  '\u{e0041}',
  '\u{e0100}',
  '\u{1d173}',
  '\ud800',
];

const hostile = fc
  .array(
    fc.oneof(fc.constantFrom(...UNSEEN), fc.constantFrom('a', "'", '\\', '$(id)', '"', ' ', 'ü', '界', '\n')),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

it('nothing that cannot be seen is shown, and nothing else is lost', () => {
  for (const one of UNSEEN) expect(plain(`a${one}b`), JSON.stringify(one)).toMatch(/^ab$/);
  expect(plain('a\nb\tc')).toBe('a b c');
  for (const text of ['net.ipv4.ip_forward = 0', 'Zürich → 界', 'é́ 🙂', '“x” … ✓✗·?'])
    expect(plain(text)).toBe(text);
});

it('is the same when it is asked again', () => {
  fc.assert(fc.property(hostile, (text) => plain(plain(text)) === plain(text)));
});

describe('a command to copy', () => {
  it('is the same word in bash, whatever is in it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(hostile, fc.string({ unit: 'binary' })), { minLength: 1, maxLength: 12 }),
        (all) => {
          // A shell's word holds no NUL, and UTF-8 no half of a pair.
          const words = all.map((word) => word.replace(/\0|\p{Cs}/gu, ''));
          const line = shellLine(words);
          expect(plain(line)).toBe(line);
          const said = execFileSync('bash', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' });
          expect(said.split('\0').slice(0, -1)).toEqual(words);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is as plain as it can be', () => {
    expect(quote('eth0')).toBe('eth0');
    expect(quote("it's")).toBe(`'it'\\''s'`);
    expect(quote('ab\u202ecd')).toBe(`$'ab\\xe2\\x80\\xaecd'`);
  });
});

it('a name that would lose characters is told as another one', () => {
  expect(named('web')).toBe('web');
  expect(named('zw\u200bx')).toBe(`$'zw\\xe2\\x80\\x8bx'`);
  fc.assert(
    fc.property(hostile, hostile, (a, b) => a === b || named(a) !== named(b) || /['\\$]/.test(a + b)),
  );
});
