import { describe, expect, test } from 'vitest';
import {
  type Gap,
  isPerhapsItsOwnLimit,
  isPerhapsTakenByHost,
  maybeHealthy,
  undecides,
} from '../../src/engine/gaps.ts';
import { known, notKnown } from '../../src/model/answer.ts';
import type { RuleHit } from '../../src/model/facts.ts';
import type { Scene } from '../../src/model/scene.ts';
import { dropped, healthy, type Lab, lostAt } from '../causes/scene.ts';
import { hopsOf } from '../witness/paths.ts';

const hops = hopsOf('outside');
const scene = (kind: Scene['symptom']['kind'], captured = hops.map(({ id }) => id)): Scene =>
  ({ symptom: { kind }, path: { hops }, captured: new Set(captured) }) as unknown as Scene;
const gap = (of: Gap['of']): Gap => ({ of, what: 'something', because: 'of something' });

describe('answers for which there was no room', () => {
  test('leave open whether the program got the one that reached it', () => {
    expect(undecides(scene('undelivered'), [gap('answers')])).toBe(true);
  });

  test('leave nothing open where a capture saw the packet go no further', () => {
    expect(undecides(scene('lost'), [gap('answers')])).toBe(false);
    expect(undecides(scene('lost', []), [gap('answers')])).toBe(true);
  });
});

test('time that was up leaves everything open', () => {
  expect(undecides(scene('lost'), [gap('time')])).toBe(true);
  expect(undecides(scene('lost'), [])).toBe(false);
});

test('programs that were not passed may hold what was answered', () => {
  expect(maybeHealthy([gap('programs')])).toBe(true);
  expect(maybeHealthy([gap('answers'), gap('time')])).toBe(false);
});

test('a firewall whose rules nobody traced may have counted the probes that passed', () => {
  const lab = dropped(lostAt(healthy(), 3), 'NETFILTER_DROP', 'nft_do_chain');
  const some: Lab = { ...lab, outcomes: [{ ...lab.outcomes[0]!, result: 'answered' }, ...lab.outcomes] };
  const untraced = { hits: notKnown('unsupported', 'no trace', []) };
  expect(isPerhapsItsOwnLimit(some, untraced)).toBe(true);
  expect(isPerhapsItsOwnLimit(lab, untraced)).toBe(false);
  const hits = (by: RuleHit['by']) => known([{ by } as RuleHit], []);
  expect(isPerhapsItsOwnLimit(some, { hits: hits('counters') })).toBe(true);
  expect(isPerhapsItsOwnLimit(some, { hits: hits('trace') })).toBe(false);
});

test('a socket of UDP that refuses all may have this host’s own question for its only client', () => {
  const lab = lostAt(healthy(), 3);
  const refused = (proto: 'udp' | 'tcp', result: 'answered' | 'silent' | 'refused') =>
    ({
      ...lab,
      flow: { ...lab.flow, proto },
      symptom: { ...lab.symptom, kind: 'refused' },
      control: { asked: true, outcomes: [{ result }] },
    }) as unknown as Scene;
  expect(isPerhapsTakenByHost(refused('udp', 'answered'))).toBe(true);
  expect(isPerhapsTakenByHost(refused('udp', 'silent'))).toBe(true);
  expect(isPerhapsTakenByHost(refused('udp', 'refused'))).toBe(false);
  expect(isPerhapsTakenByHost(refused('tcp', 'answered'))).toBe(false);
});
