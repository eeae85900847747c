// A full-size ping that a rule ended: what that says of the flow that was asked about.
import { expect, test } from 'vitest';
import { spares } from '../../src/engine/size-of-pings.ts';
import { known, notKnown } from '../../src/model/answer.ts';
import type { Rule } from '../../src/model/evidence.ts';
import type { RuleHit } from '../../src/model/facts.ts';
import { placeAt } from '../../src/model/place.ts';
import type { Scene } from '../../src/model/scene.ts';
import { dropped, healthy, type Lab } from '../causes/scene.ts';

function scene(proto: 'tcp' | 'icmp'): Scene {
  const one = healthy('outside');
  return { ...one, flow: { ...one.flow, proto }, place: placeAt(one.path, 3, 'request') } as unknown as Scene;
}

const hit = (text: string, verdict: string, engine: Rule['engine'] = 'iptables-nft'): RuleHit =>
  ({
    side: 'host',
    rule: { engine, family: 'ip', table: 'filter', chain: 'C', hook: null, number: 1, text, verdict },
    verdict,
    direction: 'request',
    probe: 4,
    at: 0,
    by: 'trace',
  }) as unknown as RuleHit;

const LONG = '-A C -m length --length 1001:65535 -j DROP';
const told = (proto: 'tcp' | 'icmp', ...hits: RuleHit[]) =>
  spares(scene(proto), known(hits, []))?.because.split(': ').at(-1) ?? null;

test.each([
  ['by its length alone', LONG],
  ['by its length, in nft', 'meta length > 1000 counter packets 2 bytes 3000 drop'],
])('what ends it %s ends the flow’s packets', (_, text) => {
  expect(told('tcp', hit(text, 'drop', text.startsWith('-A') ? 'iptables-nft' : 'nft'))).toBeNull();
});

test('a rule for pings, or one that only pings are led to, spares the flow', () => {
  const pings = '-A C -p icmp -m length --length 1001:65535 -j DROP';
  expect(told('tcp', hit(pings, 'drop'))).toBe(pings);
  expect(told('tcp', hit('-A FORWARD -p icmp -j C', 'jump C'), hit(LONG, 'drop'))).toBe(LONG);
  expect(told('icmp', hit(pings, 'drop'))).toBeNull();
});

test('one that asks nothing of the length leaves open what else lets the flow pass before it', () => {
  expect(told('tcp', hit('-A C -j DROP', 'drop'))).toBe('-A C -j DROP');
});

test('where no rule was seen to end it, none spares the flow', () => {
  expect(told('tcp', hit('-A C -j RETURN', 'return'))).toBeNull();
});

test('where nobody could see which rule of a firewall ended it, nothing is said of the flow', () => {
  const untraced = notKnown('unsupported', 'no trace', []);
  const filtered = (proto: 'tcp' | 'icmp'): Scene =>
    dropped(scene(proto) as unknown as Lab, 'NETFILTER_DROP', 'nft_do_chain') as unknown as Scene;
  expect(spares(filtered('tcp'), untraced)?.because).toContain('could not be traced');
  expect(spares(filtered('icmp'), untraced)).toBeNull();
  // What vanishes without a firewall does so whatever it carries.
  expect(spares(scene('tcp'), untraced)).toBeNull();
});
