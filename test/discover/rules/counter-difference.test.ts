import { expect, test } from 'vitest';
import { counterDifference } from '../../../src/discover/rules/counter-difference.ts';
import { parseNft } from '../../../src/discover/rules/nft-text.ts';
import { parseSave } from '../../../src/discover/rules/save-text.ts';

const save = (...lines: string[]) =>
  parseSave(['*filter', ...lines, ''].join('\n'), 'iptables-legacy', 'ip').counted;

test('a rule that counted packets of just this length met the probe', () => {
  const before = save(
    ':FORWARD DROP [1:60]',
    '[5:300] -A FORWARD -s 10.0.0.1/32 -j DROP',
    '[9:999] -A FORWARD -j ACCEPT',
  );
  const after = save(
    ':FORWARD DROP [1:60]',
    '[8:567] -A FORWARD -s 10.0.0.1/32 -j DROP',
    '[9:999] -A FORWARD -j ACCEPT',
  );
  expect(counterDifference(before, after, [89, 89, 89])).toMatchObject([
    { rule: { text: '-A FORWARD -s 10.0.0.1/32 -j DROP', number: 1 }, packets: 3 },
  ]);
});

test("a chain's policy counts too", () => {
  const hits = counterDifference(save(':FORWARD DROP [0:0]'), save(':FORWARD DROP [3:267]'), [89, 89, 89]);
  expect(hits).toMatchObject([{ rule: { number: null, verdict: 'drop' }, packets: 3 }]);
});

test('a rule that other traffic met as well is left out', () => {
  const before = save('[0:0] -A FORWARD -j DROP');
  expect(counterDifference(before, save('[4:307] -A FORWARD -j DROP'), [89, 89, 89])).toEqual([]);
  expect(counterDifference(before, save('[0:0] -A FORWARD -j DROP'), [89, 89, 89])).toEqual([]);
});

test('a rule that came in between is not compared with the one whose place it took', () => {
  const before = save('[0:0] -A FORWARD -s 10.0.0.1/32 -j DROP');
  const after = save('[3:267] -A FORWARD -s 10.0.0.2/32 -j DROP', '[0:0] -A FORWARD -s 10.0.0.1/32 -j DROP');
  expect(counterDifference(before, after, [89, 89, 89])).toEqual([]);
});

test('two equal rules are kept apart by their place', () => {
  const before = save('[0:0] -A FORWARD -j LOG', '[0:0] -A FORWARD -j LOG');
  const after = save('[0:0] -A FORWARD -j LOG', '[1:89] -A FORWARD -j LOG');
  expect(counterDifference(before, after, [89, 89, 89])).toMatchObject([{ rule: { number: 2 }, packets: 1 }]);
});

test('the counters inside an nft rule do not make it another rule', () => {
  const list = (packets: number) =>
    parseNft(
      `table ip x { # handle 1\n\tchain c { # handle 1\n\t\tcounter packets ${packets} bytes ${packets * 89} drop # handle 2\n\t}\n}\n`,
    ).counted;
  expect(counterDifference(list(1), list(4), [89, 89, 89])).toMatchObject([
    { packets: 3, rule: { handle: 2 } },
  ]);
});

test('probes of different lengths are told by their sum', () => {
  const before = save('[1:40] -A FORWARD -j DROP');
  expect(counterDifference(before, save('[3:221] -A FORWARD -j DROP'), [90, 91, 92])).toMatchObject([
    { packets: 2 },
  ]);
  expect(counterDifference(before, save('[3:220] -A FORWARD -j DROP'), [90, 91, 92])).toEqual([]);
});
