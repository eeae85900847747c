import { describe, expect, test } from 'vitest';
import { doubt, type Seen, SILENCE, waiting } from '../../src/engine/run/decide.ts';
import type { Sighting, SightingKind } from '../../src/model/sighting.ts';
import { healthy, type Way } from '../causes/scene.ts';

const saw = (hop: string, kind: SightingKind, milliseconds: number, probe = 0): Sighting =>
  ({ hop, kind, probe: kind === 'neighbour' ? -1 : probe, at: milliseconds * 1000 }) as Sighting;

function seen(way: Way, overrides: Partial<Seen> = {}): Seen {
  const path = healthy(way).path as unknown as Seen['path'];
  return {
    path,
    count: 1,
    sent: [0],
    outcomes: new Map(),
    sightings: [],
    captured: new Set(path.hops.map((hop) => hop.id)),
    ended: new Set(),
    answeredByProgram: false,
    resolving: false,
    proxied: false,
    queues: [],
    wait: 1000,
    ...overrides,
  };
}
const answered = new Map([
  [0, { probe: 0, result: 'answered' as const, microseconds: 90, errno: null, says: null }],
]);
const onAllHops = (state: Seen, kind: SightingKind): Sighting[] =>
  state.path.hops.map((hop) => saw(hop.id, kind, 0.1));

test('a probe that has not been sent is waited for', () => {
  expect(waiting(seen('outside', { sent: [undefined] }), 50).done).toBe(false);
});

test('an answer that every hop has seen ends the waiting at once', () => {
  const state = seen('outside');
  const sightings = [...onAllHops(state, 'request'), ...onAllHops(state, 'reply')];
  expect(waiting({ ...state, outcomes: answered, sightings }, 0.5).done).toBe(true);
});

test('an answer is given a moment for the last frames, and no more', () => {
  const state = seen('outside', { outcomes: answered, sightings: [saw('container/eth0', 'request', 0.1)] });
  expect(waiting(state, 1).done).toBe(false);
  expect(waiting(state, 60).done).toBe(true);
});

describe('inside the host, silence decides', () => {
  const state = seen('outside', {
    sightings: [saw('container/eth0', 'request', 1), saw('host/br0', 'request', 1.2)],
  });
  test('not before', () => expect(waiting(state, SILENCE).done).toBe(false));
  test('and then', () => expect(waiting(state, SILENCE + 2).done).toBe(true));
});

describe('where a queue of the path may hold packets back, silence inside the host decides nothing', () => {
  const queues = ['netem on br0'];
  const sightings = [saw('container/eth0', 'request', 1), saw('host/br0', 'request', 1.2)];
  test('for a request', () => {
    const state = seen('outside', { sightings, queues });
    expect(waiting(state, SILENCE + 2)).toMatchObject({ done: false, until: 1001.2 });
    expect(waiting(state, SILENCE + 2).what).toContain('netem on br0');
    expect(waiting(state, 1002).done).toBe(true);
  });
  test('as long as it lets those before it go', () => {
    const before = { ...saw('host/up0', 'request', 900), probe: 7 };
    const state = seen('outside', { sightings: [...sightings, before], queues });
    expect(waiting(state, 1002)).toMatchObject({ done: false, until: 1900 });
  });
  test('and an answer from the moment at which it let the request go', () => {
    const state = seen('outside', { sightings: [...sightings, saw('host/up0', 'request', 990)], queues });
    expect(waiting(state, 1002)).toMatchObject({ done: false, until: 1990 });
  });
  test('for its answer', () => {
    const answers = [...onAllHops(seen('outside'), 'request'), saw('host/up0', 'reply', 2)];
    expect(waiting(seen('outside', { sightings: answers, queues }), SILENCE + 3).done).toBe(false);
  });
  test('but the kernel’s word that it was dropped does', () => {
    const state = seen('outside', { sightings, queues, ended: new Set([0]) });
    expect(waiting(state, 60).done).toBe(true);
  });
});

test('beyond the uplink an answer is waited for as long as was asked', () => {
  const state = seen('outside', { sightings: [saw('host/up0', 'request', 1)] });
  expect(waiting(state, 900)).toMatchObject({ done: false, until: 1000 });
  expect(waiting(state, 1000).done).toBe(true);
});

test('where this host answers for a neighbour, and so late, the answer that waits for it is waited for', () => {
  const asked = { ...saw('host/up0', 'neighbour', 400), says: 'who has 2001:db8::a2?' };
  const state = seen('outside', { sightings: [saw('host/up0', 'request', 1), asked], proxied: true });
  expect(waiting(state, 1001)).toMatchObject({ done: false, until: 400 + 800 + SILENCE });
});

test('a neighbour beyond the uplink that is being asked for is pending, not silent', () => {
  const state = seen('outside', {
    sightings: [saw('host/br0', 'request', 1), saw('host/up0', 'neighbour', 1)],
  });
  expect(waiting(state, 500).done).toBe(false);
});

test('a kernel answers at once, a program may take its time', () => {
  const arrived = { sightings: [saw('other/eth0', 'request', 1)] };
  expect(waiting(seen('sibling', arrived), 200).done).toBe(true);
  expect(waiting(seen('sibling', { ...arrived, answeredByProgram: true }), 200).done).toBe(false);
});

test('a drop or a rule that ended the probe ends the waiting', () => {
  const state = seen('outside', { sightings: [saw('host/br0', 'request', 1)], ended: new Set([0]) });
  expect(waiting(state, 40).done).toBe(true);
});

test('the slowest of several probes is the one waited for', () => {
  const state = seen('outside', {
    count: 2,
    sent: [0, 2],
    ended: new Set([0]),
    sightings: [saw('host/up0', 'request', 3, 1)],
  });
  expect(waiting(state, 500)).toMatchObject({ done: false, until: 1002 });
});

describe('a next hop that an earlier packet asks for already', () => {
  const asks = (source: string): Sighting => ({
    ...saw('container/eth0', 'neighbour', 300),
    source,
    destination: '10.88.0.3',
    says: `who has 10.88.0.3? tell ${source}`,
  });
  test('is given until its next question', () => {
    expect(waiting(seen('outside', { resolving: true }), 400).done).toBe(false);
    expect(waiting(seen('outside', { resolving: true }), 1200).done).toBe(true);
  });
  test('and a moment after it', () => {
    const state = seen('outside', { resolving: true, sightings: [asks('10.88.0.2')] });
    expect(waiting(state, 440).done).toBe(false);
    expect(waiting(state, 460).done).toBe(true);
  });
  test('not one that somebody else puts, nor the answer to that', () => {
    const answer = {
      ...saw('container/eth0', 'neighbour', 301),
      source: '10.88.0.3',
      destination: '10.88.0.1',
    };
    const sightings = [asks('10.88.0.1'), { ...answer, says: '10.88.0.3 is at 02:42:0a:58:00:b3' }];
    expect(waiting(seen('outside', { resolving: true, sightings }), 900).done).toBe(false);
  });
});

describe('a veth pair loses nothing: its other end is waited for as long as was asked', () => {
  test.each(['outside', 'from-host'] as const)('%s', (way) => {
    const { path } = seen(way);
    const at = path.stages.indexOf('wire');
    const near = path.hops[at - 1]!.id;
    const state = seen(way, { sightings: [saw(near, 'request', 1)] });
    expect(waiting(state, 500)).toMatchObject({ done: false, until: 1000 });
    expect(waiting(state, 1001).done).toBe(true);
    expect(waiting({ ...state, ended: new Set([0]) }, 60).done).toBe(true);
  });

  test('not where the other end is down, or nobody watches it', () => {
    const state = seen('outside', { sightings: [saw('container/eth0', 'request', 1)] });
    expect(waiting({ ...state, captured: new Set(['container/eth0']) }, 200).done).toBe(true);
    const down = structuredClone(state.path);
    (down.hops[1]!.link as { up: boolean }).up = false;
    expect(waiting({ ...state, path: down }, 200).done).toBe(true);
  });

  test('an answer on its way back, too', () => {
    const sightings = [...onAllHops(seen('outside'), 'request'), saw('host/vetha', 'reply', 1)];
    expect(waiting(seen('outside', { sightings }), 500)).toMatchObject({ done: false, until: 1000 });
  });
});

describe('where this host answers neighbours for others', () => {
  const asks = { ...saw('other/eth0', 'neighbour', 2), says: 'who has 10.88.0.2? tell 10.88.0.3' };
  const arrived = onAllHops(seen('sibling'), 'request');
  const state = (proxied: boolean, ...talk: readonly Sighting[]) =>
    seen('sibling', { proxied, sightings: [...arrived, ...talk] });

  test('an open question is waited for, as long as a proxy may wait', () => {
    expect(waiting(state(true, asks), 900).done).toBe(false);
    expect(waiting(state(true, asks), 960).done).toBe(true);
  });

  test('one that was answered is not, nor is any where nobody answers for others', () => {
    const told = { ...saw('other/eth0', 'neighbour', 3), says: '10.88.0.2 is at 02:00:00:00:00:88' };
    expect(waiting(state(true, asks, told), SILENCE + 5).done).toBe(true);
    expect(waiting(state(false, asks), SILENCE + 5).done).toBe(true);
  });
});

describe('a loss is likely', () => {
  const request = (at: number) => [saw('container/eth0', 'request', at)];

  test('at once where something has ended the probe', () => {
    const state = seen('outside', { sent: [0, 5], count: 2, ended: new Set([1]), sightings: request(1) });
    expect(doubt(state)).toEqual({ probe: 1, at: 5 });
  });

  test('when half of the time has passed for which it is waited for', () => {
    const inside = [...request(1), saw('host/br0', 'request', 2)];
    expect(doubt(seen('outside', { sightings: inside }))).toEqual({ probe: 0, at: (2 + SILENCE) / 2 });
    const state = seen('outside', { wait: 1000 });
    expect(doubt({ ...state, sightings: onAllHops(state, 'request') })).toEqual({ probe: 0, at: 500 });
  });

  test('of no probe that has been answered, or not sent', () => {
    expect(doubt(seen('outside', { outcomes: answered }))).toBeNull();
    expect(doubt(seen('outside', { sent: [undefined] }))).toBeNull();
  });
});
