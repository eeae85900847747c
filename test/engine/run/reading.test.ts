import { expect, it } from 'vitest';
import type { Armed } from '../../../src/engine/run/arm.ts';
import { RunLog } from '../../../src/engine/run/log.ts';
import { dropsOf, metBy } from '../../../src/engine/run/reading.ts';
import type { Machine } from '../../../src/host/machine.ts';
import { known } from '../../../src/model/answer.ts';
import type { Event } from '../../../src/model/event.ts';
import type { Drop } from '../../../src/model/evidence.ts';
import type { RuleHit } from '../../../src/model/facts.ts';
import type { Sighting } from '../../../src/model/sighting.ts';
import { healthy } from '../../causes/scene.ts';

it('the rules that a probe met are read and told once, whoever asks for them again', async () => {
  const read: string[] = [];
  const hit = (probe: number) =>
    ({ probe, at: 5, by: 'trace', direction: 'request', side: 'host' }) as RuleHit;
  const traced = async (probe: number) => {
    read.push(`trace of ${probe}`);
    return [hit(probe)];
  };
  const counted = async () => {
    read.push('counters');
    return known([], []);
  };
  const armed = {
    journey: known({ read: () => ({ drops: [], steps: [] }), gap: null }, []),
    rules: known({ hits: traced }, []),
    counters: { hits: counted },
  } as unknown as Armed;
  const told: Event[] = [];
  const log = new RunLog({ now: () => 0n } as unknown as Machine, (event) => told.push(event));
  const met = metBy(log, armed, healthy().path);
  const first = await met(1);
  expect(first).toMatchObject({ known: true, value: [{ probe: 1 }] });
  expect(await met(1)).toEqual(first);
  expect(await met(2)).toMatchObject({ value: [{ probe: 2 }] });
  expect(read).toEqual(['trace of 1', 'counters', 'trace of 2', 'counters']);
  expect(told.map((event) => event.type === 'rule' && event.hit.probe)).toEqual([1, 2]);
});

it('they are read again where an answer was seen since, and told as far as they are others', async () => {
  const hit = (number: number, direction: RuleHit['direction']) =>
    ({ probe: 0, at: 5, by: 'trace', direction, side: 'host', rule: { number } }) as RuleHit;
  const hits = [hit(1, 'request')];
  const armed = {
    journey: known({ read: () => ({ drops: [], steps: [] }), gap: null }, []),
    rules: known({ hits: async () => [...hits] }, []),
    counters: { hits: async () => known([], []) },
  } as unknown as Armed;
  const told: Event[] = [];
  const log = new RunLog({ now: () => 0n } as unknown as Machine, (event) => told.push(event));
  const see = (kind: Sighting['kind']) => log.see({ kind, probe: 0, at: 9, hop: 'host/up0' } as Sighting);
  const met = metBy(log, armed, healthy().path);
  log.noteSent(0, 1n);
  see('request');
  expect(await met(0)).toMatchObject({ value: [{ rule: { number: 1 } }] });
  hits.push(hit(2, 'reply'));
  see('reply');
  expect(await met(0)).toMatchObject({ value: [{ rule: { number: 1 } }, { rule: { number: 2 } }] });
  expect(told.flatMap((event) => (event.type === 'rule' ? [event.hit.rule.number] : []))).toEqual([1, 2]);
});

it.each(['error', 'not-sent'] as const)(
  'where no route leads, what was freed beside the call that failed was nobody’s packet of ours: %s',
  (result) => {
    const drop = { probe: 0, hop: null, device: null, direction: 'request', at: 5 } as Drop;
    const armed = {
      journey: known({ read: () => ({ drops: [drop], steps: [] }), gap: null }, []),
    } as unknown as Armed;
    const log = new RunLog({ now: () => 0n } as unknown as Machine, () => {});
    log.noteSent(0, 1n);
    log.outcomes.set(0, { probe: 0, result, microseconds: null, errno: 'ENETUNREACH', says: null });
    const { path } = healthy();
    const refused = { ...path, sourceRoute: { ...path.sourceRoute, refusal: 'Network is unreachable' } };
    expect(dropsOf(log, armed, refused)).toMatchObject({ value: [] });
    expect(dropsOf(log, armed, path)).toMatchObject({ value: [drop] });
  },
);
