import { expect, test } from 'vitest';
import { notKnown } from '../../../src/model/answer.ts';
import netns from '../../../src/targets/runtimes/netns.ts';
import { fakeMachine, type Script } from '../../discover/fake-machine.ts';

const inside = '/proc/net/dev';
const red: Script = { netns: { '/run/netns/red': 7 }, files: { [inside]: 'Inter-|' } };

async function find(name: string, script: Script) {
  const found = await netns.find(fakeMachine(script), name);
  if (!found.known) throw new Error(found.detail);
  return found.value;
}

test('a name is looked for where `ip netns` keeps them', async () => {
  expect(await find('red', red)).toMatchObject([
    {
      runtime: 'netns',
      name: 'red',
      pid: null,
      netns: { inode: 7, path: '/run/netns/red' },
      hostNetwork: false,
      resolvConf: '/etc/resolv.conf',
    },
  ]);
  expect(await find('blue', red)).toEqual([]);
});

test('a path is taken as it is', async () => {
  const script = { netns: { '/proc/42/ns/net': 9 }, files: { [inside]: '' } };
  expect(await find('/proc/42/ns/net', script)).toMatchObject([{ netns: { inode: 9 } }]);
});

test('it may have a resolv.conf of its own: ip-netns(8)', async () => {
  const own = '/etc/netns/red/resolv.conf';
  expect(await find('red', { ...red, files: { ...red.files, [own]: 'nameserver 10.0.0.53' } })).toMatchObject(
    [{ resolvConf: own }],
  );
});

test('the one netdoctor itself is in is the host’s', async () => {
  expect(await find('host', { ...red, netns: { '/run/netns/host': 1 } })).toMatchObject([
    { hostNetwork: true },
  ]);
});

test('a file that is left of one is none', async () => {
  const left = await netns.find(fakeMachine({ netns: { '/run/netns/red': 7 } }), 'red');
  expect(left).toMatchObject({ known: false, detail: '/run/netns/red is no network namespace' });
});

test('what may not be entered is said so', async () => {
  const machine = fakeMachine(red);
  const closed = { ...machine, read: () => notKnown('no-permission', 'EPERM', []) };
  expect(await netns.find(closed, 'red')).toMatchObject({
    known: false,
    because: 'no-permission',
    detail: '/run/netns/red may not be entered',
  });
});

test('lists every name, and none where none was ever made', async () => {
  const listed = await netns.list(fakeMachine({ lists: { '/run/netns': ['red', 'b\u001b[31mlue'] } }));
  // A name is kept as it is: without its odd letters it would be another one's. Lines are made printable.
  const odd = { runtime: 'netns', name: 'b\u001b[31mlue' };
  expect(listed).toMatchObject({ value: [{ name: 'red', state: 'present' }, odd] });
  expect(await netns.list(fakeMachine({}))).toMatchObject({ known: true, value: [] });
});
