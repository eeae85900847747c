import { describe, expect, it } from 'vitest';
import { dropsInTime, hitsInTime } from '../../../src/engine/run/timeline.ts';
import type { Drop } from '../../../src/model/evidence.ts';
import type { RuleHit } from '../../../src/model/facts.ts';
import type { Sighting } from '../../../src/model/sighting.ts';
import { healthy } from '../../causes/scene.ts';

const { path } = healthy('outside');
const ifindexOf = (id: string): number => path.hops.find((hop) => hop.id === id)!.link.ifindex;

const seen = (hop: string, at: number, kind: 'request' | 'reply' = 'request', probe = 0): Sighting =>
  ({ hop, at, kind, probe }) as Sighting;
const dropped = (at: number, direction: 'request' | 'reply' = 'request', probe = 0): Drop =>
  ({ at, direction, probe }) as Drop;

const hit = (at: number, about: Partial<RuleHit> = {}): RuleHit => ({
  side: 'host',
  rule: {} as RuleHit['rule'],
  verdict: 'continue',
  direction: 'request',
  probe: 0,
  at,
  by: 'trace',
  packet: {
    source: '10.88.0.2',
    destination: '198.51.100.1',
    sourcePort: null,
    destinationPort: null,
    ingress: ifindexOf('host/br0'),
    egress: ifindexOf('host/up0'),
  },
  ...about,
});
const moments = (...args: Parameters<typeof hitsInTime>): number[] => hitsInTime(...args).map(({ at }) => at);

describe('a rule is told', () => {
  const sightings = [seen('container/eth0', 10), seen('host/vetha', 14), seen('host/br0', 14)];

  it('no later than the drop it led to, nor than the rules behind it', () => {
    const hits = [hit(700), hit(20), hit(900, { verdict: 'drop' })];
    expect(moments(hits, { path, sightings, drops: [dropped(31)] })).toEqual([20, 20, 31]);
  });

  it('no later than the next hop on which the packet was seen', () => {
    const drops: Drop[] = [];
    const there = [...sightings, seen('host/up0', 40)];
    expect(moments([hit(500)], { path, sightings: there, drops })).toEqual([40]);
    // Of the answer, the next hop is the other one.
    const back = [seen('host/up0', 60, 'reply'), seen('host/br0', 66, 'reply')];
    const answered = hit(500, {
      direction: 'reply',
      packet: { ...hit(0).packet!, ingress: ifindexOf('host/up0'), egress: ifindexOf('host/br0') },
    });
    expect(moments([answered], { path, sightings: [...there, ...back], drops })).toEqual([66]);
  });

  it('when it was read, where that is early enough or nothing came of it', () => {
    expect(moments([hit(20)], { path, sightings, drops: [dropped(31)] })).toEqual([20]);
    expect(moments([hit(500)], { path, sightings, drops: [] })).toEqual([500]);
    expect(moments([hit(500)], { path, sightings, drops: [dropped(31, 'request', 1)] })).toEqual([500]);
  });

  it('beside what came of its own packet, not of an earlier one of the same probe', () => {
    const drops = [dropped(31), dropped(1_000_031)];
    const hits = [hit(90, { verdict: 'drop' }), hit(1_000_400, { verdict: 'drop' })];
    expect(moments(hits, { path, sightings, drops })).toEqual([31, 1_000_031]);
  });

  it('by its counters at the moment of the drop, else after what was seen last', () => {
    const counters = hit(0, { by: 'counters', verdict: 'drop' });
    expect(moments([counters], { path, sightings, drops: [dropped(31)] })).toEqual([31]);
    expect(moments([counters], { path, sightings, drops: [] })).toEqual([14]);
  });
});

it('a drop in whole microseconds is not told before the frame that was dropped', () => {
  const sightings = [
    seen('container/eth0', 10.2),
    seen('host/br0', 14.9),
    seen('host/br0', 15.9, 'request', 1),
  ];
  expect(dropsInTime([dropped(14), dropped(15, 'reply')], sightings).map(({ at }) => at)).toEqual([14.9, 15]);
});
