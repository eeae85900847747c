import { describe, expect, it } from 'vitest';
import { natToday } from '../../src/kernel/nat-today.ts';
import type { Packet } from '../../src/kernel/rule-clauses.ts';
import { iptables, nft } from '../causes/rules-of.ts';

const packet: Packet = {
  source: '10.88.0.2',
  destination: '198.51.100.1',
  in: null,
  out: 'up0',
  proto: 'udp',
  sourcePort: 123,
  destinationPort: 123,
  isLocal: () => false,
};
const MASQ = '-A POSTROUTING -s 10.88.0.0/24 ! -o br0 -j MASQUERADE';
const leaving = (...lines: string[]) =>
  natToday(iptables(['*nat', ...lines].join('\n')), packet, 'postrouting');
const entering = (...lines: string[]) =>
  natToday(iptables(['*nat', ...lines].join('\n')), { ...packet, in: 'br0', out: null }, 'prerouting');

describe('what leaves', () => {
  it('is rewritten by the first rule that fits it', () => {
    expect(leaving(MASQ)).toMatchObject({ kind: 'rewritten', addresses: [null] });
    expect(leaving('-A POSTROUTING -o up0 -j SNAT --to-source 192.0.2.1', MASQ)).toMatchObject({
      kind: 'rewritten',
      addresses: ['192.0.2.1'],
    });
    expect(leaving()).toEqual({ kind: 'untouched' });
    expect(leaving('-A POSTROUTING -p tcp -j MASQUERADE')).toEqual({ kind: 'untouched' });
  });

  it.each(['ACCEPT', 'RETURN'])('is spared by an exception of its port (%s) that stands before', (target) => {
    const exception = `-A POSTROUTING -p udp --sport 123 -o up0 -j ${target}`;
    expect(leaving(exception, MASQ)).toMatchObject({ kind: 'spared', by: { text: exception } });
    expect(leaving(MASQ, exception)).toMatchObject({ kind: 'rewritten' });
    expect(leaving(exception.replace('123', '124'), MASQ)).toMatchObject({ kind: 'rewritten' });
    expect(leaving(exception)).toEqual({ kind: 'untouched' });
  });

  it('is spared by none that stands in another chain, or decides about no NAT', () => {
    const inChain = ['-A POSTROUTING -j MINE', '-A MINE -p udp --sport 123 -j RETURN', MASQ];
    expect(leaving(...inChain)).toMatchObject({ kind: 'rewritten' });
    const filter = iptables(`*filter\n-A POSTROUTING -j ACCEPT\n*nat\n${MASQ}`);
    expect(natToday(filter, packet, 'postrouting')).toMatchObject({ kind: 'rewritten' });
  });

  it('is spared by a RETURN in a chain that is called, where that chain or another one of it would rewrite', () => {
    const returns = '-A MINE -d 198.51.100.0/24 -j RETURN';
    const again = '-A MINE -p udp -j RETURN';
    const called = ['-A POSTROUTING -j MINE', returns, again, '-A MINE -j MASQUERADE'];
    expect(leaving(...called)).toMatchObject({ kind: 'spared', by: { text: returns } });
    expect(leaving(...called.slice(0, 3), '-A POSTROUTING -p tcp -j ACCEPT')).toEqual({ kind: 'untouched' });
    expect(leaving('-A POSTROUTING -p udp -j RETURN', '-A POSTROUTING -d 198.51.100.1/32 -j LOG')).toEqual({
      kind: 'untouched',
    });
  });

  it.each([
    '-A POSTROUTING -m owner --uid-owner 5000 -j ACCEPT',
    '-A POSTROUTING -m set --match-set spared src -j RETURN',
    '-A POSTROUTING -m mark --mark 0x1 -j ACCEPT',
  ])('is unknown where a rule before asks what cannot be told: %s', (rule) => {
    expect(leaving(rule, MASQ)).toEqual({ kind: 'unknown' });
  });

  it('is read of rules of nft, of which every chain of the hook is asked', () => {
    const rule = (text: string, chain: string, number = 1) =>
      nft(text, { chain, hook: 'postrouting', number });
    const masquerade = rule('oifname "up0" masquerade', 'srcnat', 2);
    const spare = (chain: string) => rule('udp sport 123 accept', chain);
    expect(natToday([spare('srcnat'), masquerade], packet, 'postrouting')).toMatchObject({ kind: 'spared' });
    expect(natToday([spare('other'), masquerade], packet, 'postrouting')).toMatchObject({
      kind: 'rewritten',
    });
    const map = rule('ip saddr . udp sport vmap @spared', 'srcnat');
    expect(natToday([map, masquerade], packet, 'postrouting')).toEqual({ kind: 'unknown' });
  });
});

describe('what enters', () => {
  const to = (address: string, asks = '') =>
    `-A PREROUTING -d 198.51.100.1/32 -p udp --dport 123 ${asks}-j DNAT --to-destination ${address}`;

  it('may be led to any of those of which one is surely met', () => {
    const chance = '-m statistic --mode random --probability 0.5 ';
    expect(entering(to('10.244.0.9:123', chance), to('10.244.0.10:123'))).toMatchObject({
      kind: 'rewritten',
      addresses: ['10.244.0.9', '10.244.0.10'],
    });
    expect(entering(to('10.244.0.9:123', chance))).toEqual({ kind: 'unknown' });
    expect(entering('-A PREROUTING -p udp --dport 123 -j REDIRECT --to-ports 1123')).toMatchObject({
      kind: 'rewritten',
      addresses: [null],
    });
    expect(entering(to('10.244.0.9-10.244.0.12'))).toMatchObject({ kind: 'rewritten', addresses: [null] });
  });

  it('is not what another hook asks', () => {
    expect(entering(MASQ)).toEqual({ kind: 'untouched' });
    expect(leaving(to('10.244.0.9'))).toEqual({ kind: 'untouched' });
  });
});
