import { expect, it, test } from 'vitest';
import { settledFlow } from '../../src/engine/settled-flow.ts';
import type { Question } from '../../src/model/question.ts';
import { USUAL } from '../../src/model/question.ts';

const question = { ...USUAL, target: 'web', to: '198.51.100.1' };
const namespace = { pid: null, ports: [] };
const container = { pid: 4242, ports: [] };

const plain = { from: 'container', to: '198.51.100.1', address: '198.51.100.1', family: 4 };

test.each<[string, Partial<Question>, Parameters<typeof settledFlow>[1], object]>([
  ['an address that is pinged', {}, container, { ...plain, proto: 'icmp', port: null }],
  [
    'an address that a datagram goes to',
    { to: '198.51.100.1:53', proto: 'udp' },
    container,
    { ...plain, to: '198.51.100.1:53', proto: 'udp', port: 53 },
  ],
  [
    'a connection of what has no environment and no ports',
    { to: '198.51.100.1:443' },
    namespace,
    { ...plain, to: '198.51.100.1:443', proto: 'tcp', port: 443 },
  ],
  [
    'an IPv6 address',
    { to: '2001:db8::1' },
    container,
    { ...plain, to: '2001:db8::1', address: '2001:db8::1', proto: 'icmp', port: null, family: 6 },
  ],
])('%s is what the report will be about', (_, asked, target, flow) => {
  expect(settledFlow({ ...question, ...asked }, target)).toEqual(flow);
});

test.each<[string, Partial<Question>, Parameters<typeof settledFlow>[1]]>([
  ['a name has several addresses', { to: 'db.example' }, container],
  ['nobody named it', { usual: true }, container],
  ['a proxy of its environment may be meant', { to: '198.51.100.1:443' }, container],
  ['a program of the host may take it', { to: '198.51.100.1:443' }, { pid: null, ports: [{} as never] }],
  ['a resolver passes it on', { proto: 'dns' }, container],
  ['it begins elsewhere', { from: 'host' }, container],
  ['the runtime says where it is', { to: 'container:db' }, container],
])('%s', (_, asked, target) => {
  expect(settledFlow({ ...question, ...asked }, target)).toBeUndefined();
});

it('a program that fails comes first where nobody says what to ask', () => {
  expect(settledFlow({ ...USUAL, target: 'web' }, container)).toBeUndefined();
});
