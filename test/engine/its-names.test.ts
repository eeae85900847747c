// Whose an address is that a program asks in vain, by hosts and by the runtime.
import { expect, it } from 'vitest';
import { itsNames } from '../../src/engine/its-names.ts';
import type { Target } from '../../src/model/target.ts';
import { containerStack } from '../causes/lab-state.ts';
import { fakeMachine, type Script } from '../discover/fake-machine.ts';

const target = (more: Partial<Target> = {}): Target =>
  ({
    runtime: 'docker',
    name: 'web',
    pid: 42,
    resolvConf: null,
    networks: [{ name: 'mesh' }],
    netns: { inode: 7, path: '/proc/42/ns/net' },
    ...more,
  }) as never;

const body = {
  Containers: { ab12: { Name: 'app-db-1', IPv4Address: '10.88.0.3/24', IPv6Address: '' } },
  Services: null,
};
const inspected = {
  NetworkSettings: {
    Networks: { mesh: { Aliases: ['db', 'ab12cd34ef56'], DNSNames: ['app-db-1', 'db', 'store'] } },
  },
};
const docker: Script = {
  requests: {
    '/networks/mesh?verbose=true': { status: 200, body },
    '/containers/ab12/json': { status: 200, body: inspected },
  },
};

const told = async (script: Script, address: string, who = target()): Promise<string[]> => {
  const { signal } = new AbortController();
  const found = await itsNames(
    { machine: fakeMachine(script), target: who, stack: containerStack('a'), signal },
    address,
  );
  return found.map(({ says }) => says);
};

it('says which container has it, with the names that Docker’s resolver answers to', async () => {
  expect(await told(docker, '10.88.0.3')).toEqual([
    '10.88.0.3 is the address of container app-db-1 (also db and store)',
  ]);
});

it('says that none has it', async () => {
  expect(await told(docker, '10.88.0.9')).toEqual(['no container of mesh has 10.88.0.9 now']);
});

it('says nothing of an address elsewhere, where nobody can be asked, and of a bare namespace', async () => {
  expect(await told(docker, '203.0.113.9')).toEqual([]);
  expect(await told({}, '10.88.0.3')).toEqual([]);
  expect(await told(docker, '10.88.0.3', target({ runtime: 'netns', networks: [] }))).toEqual([]);
});

it('says what the hosts file calls it', async () => {
  const hosts = '127.0.0.1 localhost\n10.88.0.9 db db.internal # made by hand\n10.88.0.99 other\n';
  const files = { '/proc/42/root/etc/hosts': hosts };
  expect(await told({ files }, '10.88.0.9')).toEqual([
    '/proc/42/root/etc/hosts calls 10.88.0.9 db',
    '/proc/42/root/etc/hosts calls 10.88.0.9 db.internal',
  ]);
  expect(await told({ files }, '127.0.0.1')).toEqual([]);
});
