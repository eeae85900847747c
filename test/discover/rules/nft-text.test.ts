import { expect, test } from 'vitest';
import { parseNft } from '../../../src/discover/rules/nft-text.ts';
import { recording } from '../fake-machine.ts';

const ruleset = () => parseNft(recording('rules/nft-ruleset.txt'));
const guard = () => ruleset().counted.filter(({ rule }) => rule.table === 'guard');

test('tables and chains are found, with the hooks of base chains', () => {
  const { tables } = parseNft(recording('rules/nft-chains.txt'));
  expect(tables.map((table) => `${table.family} ${table.name}`)).toEqual([
    'ip filter',
    'ip nat',
    'ip raw',
    'ip6 filter',
    'bridge filter',
    'arp filter',
    'inet guard',
    'netdev nd',
    'bridge mine',
    'ip native',
  ]);
  const chains = tables.find((table) => table.name === 'guard')?.chains;
  expect(chains?.map((chain) => [chain.name, chain.hook])).toEqual([
    ['fw', 'forward'],
    ['other', null],
    ['pre', 'prerouting'],
  ]);
});

test('rules carry their text, their place in the chain and their handle', () => {
  const rules = guard().map(({ rule }) => rule);
  expect(
    rules.filter((rule) => rule.chain === 'fw').map((rule) => [rule.number, rule.handle, rule.verdict]),
  ).toEqual([
    [null, null, 'accept'],
    [1, 5, 'drop'],
    [2, 7, 'reject'],
    [3, 9, 'vmap'],
    [4, 10, 'accept'],
  ]);
  expect(rules.find((rule) => rule.handle === 5)?.text).toBe(
    'ip saddr @bad counter packets 0 bytes 0 drop comment "a  b { x"',
  );
});

test("a base chain's policy is its own line, priority and all", () => {
  expect(guard()[0]?.rule).toMatchObject({
    text: 'type filter hook forward priority filter - 5; policy accept;',
    hook: 'forward',
    number: null,
    verdict: 'accept',
  });
  const ingress = ruleset().counted.find(({ rule }) => rule.family === 'netdev' && rule.number === null);
  expect(ingress?.rule).toMatchObject({ hook: 'ingress', text: expect.stringContaining('device "up0"') });
});

test('only rules that count have counters', () => {
  expect(guard().map(({ packets }) => packets)).toEqual([null, 0, null, null, null, null, null, null, null]);
});

test('what stands in a table beside chains is passed over, sets over several lines too', () => {
  const text = `table inet x { # handle 1
\tcomment "type filter hook forward priority 0; policy drop;"
\tset bad { # handle 2
\t\ttype ipv4_addr
\t\telements = { 10.0.0.1,
\t\t\t     10.0.0.2 } # handle 3
\t}

\tchain in { # handle 4
\t\tcomment "the way in"
\t\ttype filter hook input priority filter; policy drop;
\t\taccept # handle 9
\t}
}
`;
  const { counted } = parseNft(text);
  expect(counted.map(({ rule }) => [rule.chain, rule.number, rule.handle, rule.verdict])).toEqual([
    ['in', null, null, 'drop'],
    ['in', 1, 9, 'accept'],
  ]);
});

test('nothing is nothing', () => {
  expect(parseNft('')).toEqual({ tables: [], counted: [] });
});
