import { expect, it } from 'vitest';
import { isPlaceSeen, isUnwatched, mayBeTold } from '../../src/engine/place-seen.ts';
import { known, notKnown } from '../../src/model/answer.ts';
import type { Scene } from '../../src/model/scene.ts';
import { healthy, lostAt, silent } from '../causes/scene.ts';

const scene = lostAt(healthy(), 2);
const nobody = { captured: new Set<string>(), steps: [], drops: notKnown('unsupported', 'no trace', []) };
const seen = (about: object): boolean => isPlaceSeen(scene, { ...nobody, ...about });
const at = { probe: 0, direction: 'request', hop: scene.place!.after!.id } as const;

it('needs a capture behind it or a drop beside it', () => {
  expect(seen({})).toBe(false);
  expect(seen({ captured: new Set([scene.place!.before!.id]) })).toBe(true);
  expect(seen({ captured: new Set([scene.place!.after!.id]) })).toBe(false);
  expect(seen({ drops: known([{ ...at, reason: 'X', function: 'x', device: null, at: 0 }], []) })).toBe(true);
  expect(seen({ captured: new Set(['elsewhere']) })).toBe(false);
});

it('takes the kernel’s steps for how far it came, and not for where it ended', () => {
  const step = { ...at, event: 'netif_receive_skb' };
  expect(seen({ steps: [step] })).toBe(false);
  const beyond = silent(healthy()) as unknown as Scene;
  const last = { ...step, hop: beyond.place!.after!.id };
  expect(isPlaceSeen(beyond, { ...nobody, steps: [last] })).toBe(true);
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

it('calls nobody silent whose answer could not have been seen', () => {
  const quiet = silent(healthy()) as unknown as Scene;
  const last = quiet.path.hops.at(-1)!;
  const blind = new Set([...quiet.captured].filter((hop) => hop !== last.id));
  const tunnel = {
    ...quiet.path,
    hops: [...quiet.path.hops.slice(0, -1), { ...last, kind: 'vxlan' }],
  } as Scene['path'];
  const untold = notKnown('unsupported', 'no trace', []);
  expect(isUnwatched(quiet, [])).toBe(false);
  expect(isUnwatched({ ...quiet, captured: blind }, [])).toBe(true);
  expect(isUnwatched({ ...quiet, path: tunnel }, [])).toBe(false);
  expect(isUnwatched({ ...quiet, path: tunnel, drops: untold }, [])).toBe(true);
  expect(isUnwatched({ ...quiet, drops: untold }, [])).toBe(false);
});

it('calls nobody silent behind a tunnel where something was thrown away, and nobody told what', () => {
  const quiet = silent(healthy()) as unknown as Scene;
  const last = { ...quiet.path.hops.at(-1)!, kind: 'vxlan' };
  const path = { ...quiet.path, hops: [...quiet.path.hops.slice(0, -1), last] };
  const drop = (reason: string, place: string) =>
    known([{ ...at, reason, function: place, device: null, at: 0 }], []);
  expect(isUnwatched({ ...quiet, path, drops: drop('NOT_SPECIFIED', 'unknown') }, [])).toBe(true);
  expect(isUnwatched({ ...quiet, path, drops: drop('OTHERHOST', 'ip_rcv_core') }, [])).toBe(false);
});

it('calls nobody silent whose rules nobody could trace', () => {
  const delivered = lostAt(healthy('sibling'), healthy('sibling').path.hops.length) as unknown as Scene;
  const side = delivered.place!.after!.where;
  expect(isUnwatched(delivered, [])).toBe(false);
  expect(isUnwatched(delivered, [{ side, because: 'no trace' }])).toBe(true);
  expect(isUnwatched(delivered, [{ side: 'host', because: 'no trace' }])).toBe(false);
});

it('calls nobody silent beyond a cable whose other end nobody found', () => {
  const quiet = silent(healthy()) as unknown as Scene;
  const gaps: Scene['path']['gaps'] = [{ after: 'container/eth0', kind: 'no-peer', says: 'not here' }];
  expect(isUnwatched({ ...quiet, path: { ...quiet.path, gaps } }, [])).toBe(true);
});
