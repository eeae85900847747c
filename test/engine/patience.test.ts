import { expect, test } from 'vitest';
import { causeOf } from '../../src/causes.ts';
import { longest, patience } from '../../src/engine/patience.ts';
import { LONGEST } from '../../src/engine/run/so-far.ts';
import type { Control } from '../../src/model/scene.ts';
import type { SocketState } from '../../src/model/socket.ts';

const claims = (id: string) => [{ cause: causeOf(id)!, claim: {} as never }];
const silence = { status: 'fault', claims: claims('no-reply-from-destination') } as const;
const host = (about: Partial<Control>): Control => ({
  asked: true,
  answered: false,
  outcomes: [],
  says: '',
  ...about,
});

test('who would be called silent is listened for on, and who is refused by something else is not', () => {
  expect(patience(silence, { proto: 'tcp' }, host({}))).toBe(LONGEST);
  expect(patience(silence, { proto: 'icmp' }, null)).toBe(LONGEST);
  expect(patience({ status: 'fault', claims: claims('dns-resolver-silent') }, { proto: 'dns' }, null)).toBe(
    LONGEST,
  );
  expect(patience({ status: 'fault', claims: [] }, { proto: 'tcp' }, null)).toBe(LONGEST);
  expect(patience({ status: 'fault', claims: claims('masquerade-missing') }, { proto: 'tcp' }, null)).toBe(0);
  expect(patience({ status: 'undecided', claims: [] }, { proto: 'udp' }, null)).toBe(0);
});

test('where this host is answered at once, only the second SYN is waited for', () => {
  expect(patience(silence, { proto: 'icmp' }, host({ answered: true }))).toBe(0);
  const soon = patience(silence, { proto: 'tcp' }, host({ answered: true }));
  expect(soon).toBeGreaterThan(0);
  expect(soon).toBeLessThan(LONGEST);
  expect(patience(silence, { proto: 'tcp' }, host({ answered: true, again: true }))).toBe(LONGEST);
  // That the other side knows no way back is read from nothing but silence, too.
  const unreturned = { status: 'fault', claims: claims('no-return-route') } as const;
  expect(patience(unreturned, { proto: 'tcp' }, host({ answered: true }))).toBe(soon);
  expect(patience(unreturned, { proto: 'icmp' }, host({ answered: true }))).toBe(0);
});

test('who is known to be far away is listened for as long as that takes', () => {
  const to = (destination: string, roundTrip: number, state = 'ESTAB') =>
    ({ state, destination, info: { roundTrip } }) as SocketState;
  const addresses = ['198.51.100.7', '198.51.100.8'];
  expect(longest([], addresses)).toBe(LONGEST);
  expect(longest([to('198.51.100.8', 20)], addresses)).toBe(LONGEST);
  expect(longest([to('198.51.100.7', 20), to('198.51.100.8', 2600)], addresses)).toBe(5200);
  expect(longest([to('203.0.113.9', 2600), to('198.51.100.7', 2600, 'SYN-SENT')], addresses)).toBe(LONGEST);
  expect(patience(silence, { proto: 'tcp' }, host({}), 5200)).toBe(5200);
});
