import { describe, expect, test } from 'vitest';
import { locate, type Observed } from '../../src/engine/place.ts';
import { between } from '../../src/model/place.ts';
import type { Sighting, SightingKind } from '../../src/model/sighting.ts';
import { healthy, type Way } from '../causes/scene.ts';

const silent = { probe: 0, result: 'silent' as const, microseconds: null, errno: null, says: null };

function observed(
  way: Way,
  seen: readonly (readonly [string, SightingKind, string?, string?])[],
  overrides: Partial<Observed> = {},
): Observed {
  const scene = healthy(way) as unknown as Observed & { stacks: { host: Observed['host'] } };
  return {
    path: scene.path,
    flow: scene.flow,
    host: scene.stacks.host,
    passages: [],
    captured: new Set(scene.path.hops.map((hop) => hop.id)),
    outcomes: [silent],
    drops: [],
    steps: [],
    sightings: seen.map(
      ([hop, kind, says, source]) =>
        ({ hop, kind, probe: 0, says: says ?? null, source: source ?? '198.51.100.1' }) as Sighting,
    ),
    ...overrides,
  };
}
const place = (state: Observed) => {
  const { place: found, symptom } = locate(state);
  return {
    between: found && between(found),
    stage: found?.stage,
    direction: found?.direction,
    kind: symptom.kind,
  };
};

test('everything answered: no place', () => {
  const outcomes = [{ ...silent, result: 'answered' as const }];
  expect(locate(observed('outside', [], { outcomes }))).toMatchObject({
    place: null,
    symptom: { kind: 'answered' },
  });
});

describe('requests', () => {
  test('last hop that saw it, first that did not', () => {
    const state = observed('outside', [
      ['container/eth0', 'request'],
      ['host/vetha', 'request'],
      ['host/br0', 'request'],
    ]);
    expect(place(state)).toEqual({
      between: ['host/br0', 'host/up0'],
      stage: 'forward',
      direction: 'request',
      kind: 'lost',
    });
  });
  test('never left', () => {
    expect(place(observed('outside', []))).toMatchObject({
      between: [null, 'container/eth0'],
      stage: 'send',
      kind: 'lost',
    });
  });
  test('refused by the own kernel at once', () => {
    const outcomes = [{ ...silent, result: 'not-sent' as const, errno: 'ENETUNREACH' }];
    expect(locate(observed('outside', [], { outcomes })).symptom).toMatchObject({
      kind: 'not-sent',
      errno: 'ENETUNREACH',
    });
  });
  test('left this host and met silence', () => {
    const all = ['container/eth0', 'host/vetha', 'host/br0', 'host/up0'] as const;
    expect(
      place(
        observed(
          'outside',
          all.map((hop) => [hop, 'request'] as const),
        ),
      ),
    ).toMatchObject({
      between: ['host/up0', null],
      stage: 'beyond',
      kind: 'silence',
    });
  });
  test('a blind hop between is passed over', () => {
    const state = observed(
      'outside',
      [
        ['container/eth0', 'request'],
        ['host/br0', 'request'],
      ],
      {
        captured: new Set(['container/eth0', 'host/br0', 'host/up0']),
      },
    );
    expect(place(state)).toMatchObject({ between: ['host/br0', 'host/up0'] });
  });
});

describe('replies', () => {
  const out = ['container/eth0', 'host/vetha', 'host/br0', 'host/up0'].map(
    (hop) => [hop, 'request'] as const,
  );
  test('in the direction they travel', () => {
    expect(place(observed('outside', [...out, ['host/up0', 'reply']]))).toEqual({
      between: ['host/up0', 'host/br0'],
      stage: 'forward',
      direction: 'reply',
      kind: 'lost',
    });
  });
  test('to the interface and not to the socket', () => {
    const back = ['host/up0', 'host/br0', 'host/vetha', 'container/eth0'].map(
      (hop) => [hop, 'reply'] as const,
    );
    expect(place(observed('outside', [...out, ...back]))).toMatchObject({
      between: ['container/eth0', null],
      kind: 'undelivered',
    });
  });
});

describe('somebody says no', () => {
  const out = ['container/eth0', 'host/vetha', 'host/br0', 'host/up0'].map(
    (hop) => [hop, 'request'] as const,
  );
  test('the destination', () => {
    const state = observed('outside', [
      ...out,
      ['host/up0', 'refusal', 'connection refused (RST)'],
      ['container/eth0', 'refusal'],
    ]);
    expect(locate(state).symptom).toMatchObject({
      kind: 'refused',
      from: '198.51.100.1',
      bornAt: 'host/up0',
    });
    expect(place(state)).toMatchObject({ between: ['host/up0', null] });
  });
  test('the host, before the packet left it', () => {
    const state = observed('outside', [
      ...out.slice(0, 3),
      ['host/br0', 'error', 'administratively prohibited', '10.88.0.1'],
    ]);
    expect(place(state)).toMatchObject({
      between: ['host/br0', 'host/up0'],
      stage: 'forward',
      kind: 'error',
    });
  });
});
