import { describe, expect, it, test } from 'vitest';
import { fewer } from '../../src/watch/change/fewer.ts';
import { compare, type Difference, type Entry, type State } from '../../src/watch/change/state.ts';

const link = (name: string, fields: Readonly<Record<string, string>>): [string, Entry] => [
  `link ${name}`,
  { kind: 'link', what: name, device: name, fields },
];
const state = (...entries: [string, Entry][]): State => new Map(entries);
const told = (differences: readonly Difference[]) =>
  differences.map(({ what, before, after }) => [what, before, after]);

describe('two states compared', () => {
  const before = state(link('vetha', { index: '5', '': 'up', 'port of': 'br0', mtu: '1500' }));

  it('are the same where nothing changed', () => {
    expect(compare(before, new Map(before))).toEqual([]);
  });

  test.each([
    ['a property', { mtu: '1400' }, [['vetha: mtu', '1500', '1400']]],
    ['one that is there no more', { 'port of': '' }, [['vetha: port of', 'br0', 'none']]],
    ['what it is', { '': 'down' }, [['vetha', 'up', 'down']]],
    [
      'another of that name, of which the rest is no change',
      { index: '9', mtu: '1400' },
      [
        [
          'vetha, replaced by another',
          'index 5, up, port of br0, mtu 1500',
          'index 9, up, port of br0, mtu 1400',
        ],
      ],
    ],
  ])('tell of %s', (_, change, expected) => {
    const after = state(link('vetha', { ...before.get('link vetha')!.fields, ...change }));
    expect(told(compare(before, after))).toEqual(expected);
  });

  it('tell what came, and what is gone', () => {
    const after = state(link('vethb', {}));
    expect(told(compare(before, after))).toEqual([
      ['vetha', 'index 5, up, port of br0, mtu 1500', null],
      ['vethb', null, 'there'],
    ]);
  });
});

describe('what is learned', () => {
  const neighbour = (mac: string): State =>
    state(['n', { kind: 'neighbour', what: 'neighbour', device: 'eth0', fields: { mac }, learned: true }]);

  test.each([
    ['is learned', state(), neighbour('02:1'), []],
    ['is learned late', neighbour(''), neighbour('02:1'), []],
    ['is forgotten', neighbour('02:1'), state(), []],
    ['becomes another', neighbour('02:1'), neighbour('02:2'), [['neighbour: mac', '02:1', '02:2']]],
    ['is asked for in vain', neighbour('02:1'), neighbour(''), [['neighbour: mac', '02:1', 'none']]],
  ])('%s', (_, before, after, expected) => {
    expect(told(compare(before, after))).toEqual(expected);
  });
});

describe('many of one sort are one', () => {
  const rule = (chain: string, before: string | null, after: string | null): Difference => ({
    kind: 'firewall',
    what: chain,
    device: null,
    before,
    after,
  });
  const setting = (what: string, before: string, after: string): Difference => ({
    kind: 'setting',
    what,
    device: /conf\.(\w+)\./.exec(what)?.[1] ?? null,
    before,
    after,
  });

  it('a chain that was flushed', () => {
    const gone = ['a', 'b', 'c', 'd'].map((text) => rule('ip filter DOCKER', text, null));
    expect(told(fewer([...gone, rule('ip nat POST', 'x', null)]))).toEqual([
      ['ip filter DOCKER', '4 rules, the first a', null],
      ['ip nat POST', 'x', null],
    ]);
    expect(fewer(gone.slice(1))).toHaveLength(3);
  });

  it('a setting that sets the others', () => {
    const all = ['net.ipv4.conf.eth0.forwarding', 'net.ipv4.ip_forward', 'net.ipv4.conf.all.forwarding'];
    expect(told(fewer(all.map((what) => setting(what, '1', '0'))))).toEqual([
      ['net.ipv4.ip_forward', '1', '0'],
    ]);
    const two = ['net.ipv4.conf.br0.rp_filter', 'net.ipv4.conf.up0.rp_filter'];
    expect(told(fewer(two.map((what) => setting(what, '0', '1'))))).toEqual([
      ['net.ipv4.conf.br0.rp_filter and 1 interface more', '0', '1'],
    ]);
  });

  it('but not what went different ways', () => {
    const two = [
      setting('net.ipv4.conf.br0.rp_filter', '0', '1'),
      setting('net.ipv4.conf.up0.rp_filter', '2', '1'),
      setting('net.ipv6.conf.up0.forwarding', '0', '1'),
    ];
    expect(fewer(two)).toHaveLength(3);
  });
});
