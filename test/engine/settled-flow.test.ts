import { expect, it, test } from 'vitest';
import { isSettled } from '../../src/engine/settled-flow.ts';
import type { Flow } from '../../src/model/flow.ts';
import { USUAL } from '../../src/model/question.ts';
import { outward } from '../examples/flow.ts';

const question = { ...USUAL, target: 'web', to: '198.51.100.1' };
const namespace = { pid: null, ports: [] };
const container = { pid: 4242, ports: [] };
const tcp: Flow = { ...outward, proto: 'tcp', port: 443 };

test.each<[string, Parameters<typeof isSettled>]>([
  ['an address that is pinged', [question, container, outward]],
  ['an address that a datagram goes to', [question, container, { ...outward, proto: 'udp', port: 53 }]],
  [
    'a connection of what has no environment and no ports',
    [{ ...question, to: '198.51.100.1:443' }, namespace, tcp],
  ],
  ['an IPv6 address', [{ ...question, to: '2001:db8::1' }, container, outward]],
])('%s is what the report will be about', (_, asked) => {
  expect(isSettled(...asked)).toBe(true);
});

test.each<[string, Parameters<typeof isSettled>]>([
  ['a name has several addresses', [{ ...question, to: 'db.example' }, container, outward]],
  ['nobody named it', [{ ...question, usual: true }, container, outward]],
  ['a program that fails comes first', [{ ...USUAL, target: 'web' }, container, outward]],
  ['a proxy of its environment may be meant', [{ ...question, to: '198.51.100.1:443' }, container, tcp]],
  [
    'a program of the host may take it',
    [{ ...question, to: '198.51.100.1:443' }, { pid: null, ports: [{} as never] }, tcp],
  ],
  ['a resolver passes it on', [question, container, { ...outward, proto: 'dns', port: 53 }]],
  ['it begins elsewhere', [{ ...question, from: 'host' }, container, { ...outward, from: 'host' }]],
  ['the runtime says where it is', [{ ...question, to: 'container:db' }, container, outward]],
])('%s', (_, asked) => {
  expect(isSettled(...asked)).toBe(false);
});

it('what is no destination is refused before', () => {
  expect(() => isSettled({ ...question, to: '' }, container, outward)).toThrow();
});
