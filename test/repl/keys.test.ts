import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decode, decoder, type Key, settle } from '../../src/repl/keys.ts';

/** Decodes chunks one after the other, and lets the last one settle. */
function keys(...chunks: string[]): Key[] {
  let state = decoder;
  const all: Key[] = [];
  for (const chunk of chunks) {
    const found = decode(state, chunk);
    all.push(...found.keys);
    state = found.state;
  }
  return [...all, ...settle(state).keys];
}

const names = (...chunks: string[]) =>
  keys(...chunks).map((key) => (key.type === 'key' ? key.name : key.text));

test.each([
  ['xterm', '\u001b[A\u001b[B\u001b[C\u001b[D\u001b[H\u001b[F', 'up down right left home end'],
  ['application mode', '\u001bOA\u001bOD\u001bOH\u001bOF', 'up left home end'],
  ['VT220', '\u001b[1~\u001b[3~\u001b[4~\u001b[5~\u001b[6~', 'home delete end page-up page-down'],
  ['rxvt', '\u001b[7~\u001b[8~\u001bOc\u001bOd', 'home end ctrl-right ctrl-left'],
  [
    'with modifiers',
    '\u001b[1;5C\u001b[1;5D\u001b[1;3D\u001b[1;2A',
    'ctrl-right ctrl-left alt-left shift-up',
  ],
  [
    'control letters',
    '\u0001\u0005\u000b\u0015\u0017\u0019\u0012',
    'ctrl-a ctrl-e ctrl-k ctrl-u ctrl-w ctrl-y ctrl-r',
  ],
  ['named controls', '\r\t\u007f\u0008\u001b[Z', 'enter tab backspace backspace shift-tab'],
  ['Alt', '\u001bb\u001bf\u001bd\u001b\u007f\u001by', 'alt-b alt-f alt-d alt-backspace alt-y'],
])('reads the sequences of %s', (_, input, expected) => {
  expect(names(input).join(' ')).toBe(expected);
});

test('tells Backspace from Delete', () => {
  expect(names('\u007f\u001b[3~')).toEqual(['backspace', 'delete']);
});

test('a sequence cut in two by the network is one key', () => {
  expect(names('\u001b', '[', 'A')).toEqual(['up']);
  expect(names('\u001b[1;', '5C')).toEqual(['ctrl-right']);
});

test('Escape alone is a key once nothing follows', () => {
  expect(names('\u001b')).toEqual(['escape']);
  expect(names('\u001b\u001b[A')).toEqual(['escape', 'up']);
});

test('unknown sequences are swallowed whole', () => {
  expect(names('\u001b[?1;2c\u001b[200;1Xab\u001b[[A')).toEqual(['ab']);
});

test('several lines at once are typed as they came', () => {
  expect(names('check\rpath\r')).toEqual(['check', 'enter', 'path', 'enter']);
});

test('a paste is text: no key in it is carried out', () => {
  expect(keys('\u001b[200~check\nquit\r\n\u0003\u001b[A\u001b[201~x')).toEqual([
    { type: 'text', text: 'check quit [A' },
    { type: 'text', text: 'x' },
  ]);
});

test('a paste may come in pieces, its end cut in two', () => {
  expect(names('\u001b[20', '0~ab', 'cd\u001b[2', '01~', '\r')).toEqual(['abcd', 'enter']);
});

test('no input throws, and no text carries a control character, however it is cut', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\u001b', '\u001b[', '\u001b[200~', '\u001b[201~', '\u001bO', '\u009b', '\r', '\u202e'),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (chunks) => {
      for (const key of keys(...chunks)) {
        if (key.type === 'text') expect(key.text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
      }
    }),
  );
});

test('where a chunk is cut makes no difference', () => {
  const piece = fc.constantFrom(
    'a',
    '漢',
    '\u001b[A',
    '\u001b[3~',
    '\u001bb',
    '\r',
    '\u001b[200~x\u001b[201~',
    '\t',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const input = pieces.join('');
      const joined = (found: Key[]) =>
        found.map((key) => (key.type === 'key' ? `<${key.name}>` : key.text)).join('');
      expect(joined(keys(...input.split('')))).toBe(joined(keys(input)));
    }),
  );
});
