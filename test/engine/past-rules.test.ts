// How far the rules' trace alone shows that a request came.
import { expect, test } from 'vitest';
import { hitsOfEnd, pastRules } from '../../src/engine/past-rules.ts';
import type { RuleHit } from '../../src/model/facts.ts';
import { firewallRule, healthy } from '../causes/scene.ts';

const { path } = healthy();
const [VETHA, BR0, UP0] = path.hops.slice(1).map(({ link }) => link.ifindex);

const met = (hook: string | null, ingress = BR0, egress = UP0, about: Partial<RuleHit> = {}): RuleHit => ({
  side: 'host',
  rule: firewallRule({ hook }),
  verdict: 'accept',
  direction: 'request',
  probe: 0,
  at: 100,
  by: 'trace',
  packet: {
    source: '10.88.0.2',
    destination: '198.51.100.1',
    sourcePort: 1,
    destinationPort: 80,
    ingress: ingress ?? null,
    egress: egress ?? null,
  },
  ...about,
});
const crossed = (...hits: RuleHit[]): string[] => pastRules(path, hits, 0).map(({ hop }) => hop);

test.each([
  ['forwarded', met('forward'), ['container/eth0', 'host/vetha', 'host/br0']],
  ['about to leave', met('postrouting'), ['container/eth0', 'host/vetha', 'host/br0']],
  ['taken by the host', met('input'), ['container/eth0', 'host/vetha', 'host/br0']],
  // br_netfilter calls the hook of IP for a frame from port to port: it need not have come up to the bridge.
  ['forwarded by the bridge', met('forward', BR0, BR0), ['container/eth0', 'host/vetha']],
  ['come in', met('prerouting'), []],
  ['an answer', met('forward', UP0, BR0, { direction: 'reply' }), []],
  ['of another probe', met('forward', BR0, UP0, { probe: 1 }), []],
  ['of another namespace', met('forward', BR0, UP0, { side: 'container' }), []],
  ['that leaves beside the path', met('forward', BR0, 99), []],
  ['by a port that nobody told', met('input', 98), []],
] as const)('%s', (_, hit, hops) => {
  expect(crossed(hit)).toEqual(hops);
});

test('the furthest tells', () => {
  expect(crossed(met('forward', VETHA, BR0), met('postrouting'))).toHaveLength(3);
});

test('data counts by the rule that ended it alone, at the hook of the chain that led there', () => {
  const handshake = met('postrouting');
  const base = met('forward', BR0, UP0, { at: 900, verdict: 'jump USER' });
  const end = met(null, BR0, UP0, { at: 901, verdict: 'reject' });
  expect(hitsOfEnd([handshake, base, end], 7)).toEqual([{ ...base, probe: 7 }]);
  expect(hitsOfEnd([handshake, base], 7)).toEqual([]);
});
