import { expect, it } from 'vitest';
import { isPlaceSeen, mayBeTold } from '../../src/engine/place-seen.ts';
import { known, notKnown } from '../../src/model/answer.ts';
import { healthy, lostAt } from '../causes/scene.ts';

const scene = lostAt(healthy(), 2);
const nobody = { captured: new Set<string>(), steps: [], drops: notKnown('unsupported', 'no trace', []) };
const seen = (about: object): boolean => isPlaceSeen(scene, { ...nobody, ...about });
const at = { probe: 0, direction: 'request', hop: scene.place!.after!.id } as const;

it('needs a capture, a step or a drop beside it', () => {
  expect(seen({})).toBe(false);
  expect(seen({ captured: new Set([scene.place!.before!.id]) })).toBe(true);
  expect(seen({ steps: [{ ...at, event: 'netif_receive_skb' }] })).toBe(true);
  expect(seen({ drops: known([{ ...at, reason: 'X', function: 'x', device: null, at: 0 }], []) })).toBe(true);
  expect(seen({ captured: new Set(['elsewhere']) })).toBe(false);
});

it('is not asked for where the socket heard an error', () => {
  expect(isPlaceSeen({ ...scene, symptom: { ...scene.symptom, kind: 'not-sent' } }, nobody)).toBe(true);
});

it('leaves untold what is not proved at a place that nobody saw', () => {
  expect([mayBeTold({ sure: 'supported' }, false), mayBeTold({ sure: 'proved' }, false)]).toEqual([
    false,
    true,
  ]);
  expect(mayBeTold({ sure: 'supported' }, true)).toBe(true);
});
