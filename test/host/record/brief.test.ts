import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lengthen, shorten } from '../../../src/host/record/brief.ts';
import { known, notKnown } from '../../../src/model/answer.ts';

const there = (answer: unknown): string => JSON.stringify(answer);
const back = (text: string): unknown => JSON.parse(text);

const asked = (ask: string, ...answers: unknown[]) => answers.map((answer, at) => ({ at, ask, answer }));

test('an answer that stays the same is kept once', () => {
  const twice = asked('read /a', known('x', ['cat', '/a']), known('x', ['cat', '/a']));
  expect(shorten(twice, there)).toEqual([
    [0, 'read /a', { known: true, value: 'x' }],
    [1, 'read /a'],
  ]);
  expect(lengthen(shorten(twice, there), there, back)).toEqual(twice);
});

test('of a list in which one thing changed, only that is kept', () => {
  const list = (counter: number) =>
    known([{ a: 1, b: 'long enough' }, { counter }, { c: 'as before' }], ['x']);
  const short = shorten(asked('run x', list(1), list(2)), there);
  expect(JSON.stringify(short[1])).not.toContain('long enough');
  expect(lengthen(short, there, back)).toEqual(asked('run x', list(1), list(2)));
});

test('a source that the question does not tell is kept', () => {
  const odd = asked('nsid /n', notKnown('vanished', '/n: ENOENT', ['ip', 'netns', 'list-id']));
  expect(lengthen(shorten(odd, there), there, back)).toEqual(odd);
});

test('whatever was answered comes back', () => {
  const answer = fc.oneof(
    fc.jsonValue(),
    fc.record({ known: fc.constant(true), value: fc.jsonValue(), source: fc.array(fc.string()) }),
  );
  const question = fc.constantFrom('read /a', 'run b c', 'list /d in /n', 'random 1 2');
  fc.assert(
    fc.property(fc.array(fc.tuple(question, answer)), (pairs) => {
      const all = pairs.map(([ask, value], at) => ({ at, ask, answer: JSON.parse(JSON.stringify(value)) }));
      expect(JSON.parse(there(lengthen(shorten(all, there), there, back)))).toEqual(JSON.parse(there(all)));
    }),
  );
});
