import { expect, test } from 'vitest';
import { parseSave } from '../../../src/discover/rules/save-text.ts';
import { recording } from '../fake-machine.ts';

const saved = () => parseSave(recording('rules/iptables-save.txt'), 'iptables-nft', 'ip');

test('a rule is numbered within its chain, and keeps its line', () => {
  const drop = saved().counted.find(({ rule }) => rule.chain === 'FORWARD' && rule.number === 3);
  expect(drop?.rule).toEqual({
    engine: 'iptables-nft',
    family: 'ip',
    table: 'filter',
    chain: 'FORWARD',
    hook: 'forward',
    number: 3,
    handle: null,
    text: '-A FORWARD -p tcp -m multiport --dports 80,443 -g DOCKER-USER',
    verdict: 'goto DOCKER-USER',
    owner: null,
  });
});

test("built-in chains have a policy without a number; a chain of one's own has none", () => {
  const policies = saved()
    .counted.filter(({ rule }) => rule.table === 'filter' && rule.number === null)
    .map(({ rule }) => [rule.chain, rule.verdict, rule.text]);
  expect(policies).toEqual([
    ['INPUT', 'accept', '-P INPUT ACCEPT'],
    ['FORWARD', 'drop', '-P FORWARD DROP'],
    ['OUTPUT', 'accept', '-P OUTPUT ACCEPT'],
  ]);
});

test('numbers begin anew in each table', () => {
  const text = '*raw\n-A OUTPUT -j ACCEPT\nCOMMIT\n*filter\n-A OUTPUT -j DROP\nCOMMIT\n';
  expect(parseSave(text, 'iptables-nft', 'ip').counted.map(({ rule }) => rule.number)).toEqual([1, 1]);
});

test('counters are read where they are printed', () => {
  const text = '*filter\n:FORWARD DROP [7:588]\n[3:252] -A FORWARD -j ACCEPT\n-A FORWARD -j DROP\n';
  expect(parseSave(text, 'iptables-nft', 'ip').counted.map(({ packets, bytes }) => [packets, bytes])).toEqual(
    [
      [7, 588],
      [3, 252],
      [null, null],
    ],
  );
});

test('the variant is told from the heading, and the tables it cannot show are named', () => {
  expect(saved()).toMatchObject({ nft: true, incompatible: [] });
  expect(parseSave(recording('rules/iptables-legacy-save.txt'), 'iptables-legacy', 'ip').nft).toBe(false);
  expect(parseSave(recording('rules/mixed-save.txt'), 'iptables-nft', 'ip').incompatible).toEqual([
    'filter',
    'nat',
  ]);
});

test('ebtables and arptables print the same shape', () => {
  const bridge = parseSave(recording('rules/ebtables-save.txt'), 'ebtables', 'bridge').counted;
  expect(bridge.at(-1)?.rule).toMatchObject({
    chain: 'FORWARD',
    hook: 'forward',
    number: 1,
    text: '-A FORWARD -d 02:00:00:00:00:01 -i va -j DROP',
    verdict: 'drop',
  });
  const arp = parseSave(recording('rules/arptables-save.txt'), 'arptables', 'arp').counted;
  expect(arp.at(-1)?.rule).toMatchObject({
    chain: 'INPUT',
    verdict: 'drop',
    text: '-A INPUT -j DROP -s 10.9.9.9',
  });
});

test('counters are read, and no line is taken for a rule that is none', () => {
  const text = [
    '*filter',
    '[0:0] -A X -j DROP',
    '[12:840] -A X',
    '-A Y -j X',
    '[1:x] -A X',
    '[0:0] x',
    '',
    'COMMIT',
  ];
  const { counted } = parseSave(text.join('\n'), 'iptables-nft', 'ip');
  expect(
    counted.map(({ rule: { chain, number, text: line }, packets, bytes }) => [
      chain,
      number,
      line,
      packets,
      bytes,
    ]),
  ).toEqual([
    ['X', 1, '-A X -j DROP', 0, 0],
    ['X', 2, '-A X', 12, 840],
    ['Y', 1, '-A Y -j X', null, null],
  ]);
});
