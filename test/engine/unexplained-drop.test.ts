// A drop that no cause explains is told itself, in words: what the kernel checks, what decides it, what mends it.
import { expect, test } from 'vitest';
import { evidence, howItEnded } from '../../src/engine/evidence.ts';
import type { Scene } from '../../src/model/scene.ts';
import { dropped, healthy, lostAt } from '../causes/scene.ts';

const scene = (reason: string, place: string): Scene =>
  dropped(lostAt(healthy(), 3), reason, place) as unknown as Scene;

test('the sentence of the reason', () => {
  expect(howItEnded(scene('IP_LOCALNET', 'ip_rcv_finish_core'))).toBe(
    'the kernel throws them away (IP_LOCALNET at ip_rcv_finish_core), since a loopback address (127.0.0.0/8) came in from, or goes to, a real interface',
  );
  const told = evidence(scene('IP_LOCALNET', 'ip_rcv_finish_core'), [], undefined);
  expect(told.at(-1)).toMatchObject({ agrees: true, source: ['netdoctor', 'explain', 'IP_LOCALNET'] });
  expect(told.at(-1)?.says).toMatch(/^IP_LOCALNET at .*What decides it: .*route_localnet.*What mends it: /);
  expect(told.find(({ drop }) => drop)?.drop?.means).toContain('route_localnet');
});

test('a reason that no table knows is told by its name', () => {
  expect(howItEnded(scene('NEW_IN_9_0', 'some_function'))).toBe(
    'the kernel throws them away (NEW_IN_9_0 at some_function)',
  );
});

test('what was told by halves is no reason', () => {
  expect(howItEnded(scene('NOT_SPECIFIED', 'unknown'))).toBeUndefined();
  const [drop] = evidence(scene('NOT_SPECIFIED', 'unknown'), [], undefined).filter((one) => one.drop);
  expect(drop?.says).toBe('the kernel dropped the request: this kernel does not tell why');
});

test('a drop of the other direction says nothing about this one', () => {
  const lab = lostAt(healthy(), 3, 'reply');
  const other = dropped(lab, 'IP_LOCALNET', 'ip_rcv_finish_core');
  expect(
    howItEnded({ ...other, place: { ...other.place!, direction: 'request' } } as unknown as Scene),
  ).toBeUndefined();
});
