/** Users' containers, told by their conmon: what root sees of them without their podman. */
import { expect, test } from 'vitest';
import podman from '../../src/targets/runtimes/podman.ts';
import { fakeMachine, type Script } from '../discover/fake-machine.ts';

const ID = '7b88b4ca7bdc9ce621a2511725f5cd194e7aaf419801990b58fcdbeb5183ae14';
const RUN = `/run/user/1000/containers/overlay-containers/${ID}/userdata`;

/** As podman 4.3 starts it: what follows `--exit-command` is for podman, not for conmon. */
const conmon = [
  '/usr/bin/conmon',
  '--api-version',
  '1',
  '-c',
  ID,
  '-u',
  ID,
  '-r',
  '/usr/bin/crun',
  '-b',
  '/home/ada/.local/share/containers/storage/overlay-containers/x/userdata',
  '-p',
  `${RUN}/pidfile`,
  '-n',
  'web',
  '--exit-command',
  '/usr/bin/podman',
  '--exit-command-arg',
  '-n',
  'other',
].join('\0');

/** The namespaces of podman 4.3's conmon as they were seen: of the user's podman, and otherwise the host's. */
const vouched = {
  '/': { inode: 2 },
  '/usr/bin/conmon': { inode: 40 },
  '/proc/self/ns/pid': { inode: 500 },
  '/proc/self/ns/user': { inode: 600 },
  '/proc/70/exe': { inode: 40 },
  '/proc/70/root': { inode: 2 },
  '/proc/70/ns/pid': { inode: 500 },
  '/proc/70/ns/user': { inode: 601 },
  '/proc/80/ns/user': { inode: 601 },
};

const machine = (over: Script = {}) =>
  fakeMachine({
    lists: { '/proc': ['1', '70', '71', '80', 'self'] },
    symbolic: { '/proc/70/exe': '/usr/bin/conmon', ...over.symbolic },
    identities: { ...vouched, ...over.identities },
    files: {
      '/proc/1/comm': 'systemd\n',
      '/proc/70/comm': 'conmon\n',
      '/proc/70/cmdline': conmon,
      '/proc/70/status': 'Name:\tconmon\nUid:\t1000\t1000\t1000\t1000\n',
      '/proc/70/uid_map': '         0       1000          1\n         1     100000      65536\n',
      '/proc/71/comm': 'slirp4netns\n',
      '/proc/71/status': 'Uid:\t1000\t1000\t1000\t1000\n',
      '/proc/80/comm': 'sleep\n',
      '/proc/80/status': 'Uid:\t100004\t100004\t100004\t100004\n',
      [`${RUN}/pidfile`]: '80\n',
      ...over.files,
    },
    netns: { '/proc/80/ns/net': 900 },
    ...(over.uid === undefined ? {} : { uid: over.uid }),
  });

test.each(['web', '7b88b4'])('root finds a user’s container as %s', async (name) => {
  expect(await podman.find(machine(), name)).toMatchObject({
    value: [
      {
        runtime: 'podman',
        name: 'web',
        id: ID.slice(0, 12),
        pid: 80,
        netns: { inode: 900 },
        mode: 'slirp4netns',
        resolvConf: `${RUN}/resolv.conf`,
        about: 'podman, rootless, of user 1000',
      },
    ],
  });
});

test('and lists it', async () => {
  expect(await podman.list(machine())).toMatchObject({
    value: [
      { runtime: 'podman', name: 'web', state: 'running', pid: 80, networks: ['rootless (slirp4netns)'] },
    ],
  });
});

test('without its helper, nothing says that one runs', async () => {
  const alone = machine({ files: { '/proc/71/comm': 'sleep\n' } });
  expect(await podman.find(alone, 'web')).toMatchObject({ value: [{ mode: null }] });
});

test('one that has ended is listed, and says whose podman starts it', async () => {
  const ended = machine({ files: { [`${RUN}/pidfile`]: '' } });
  expect(await podman.list(ended)).toMatchObject({ value: [{ state: 'exited', pid: null }] });
  await expect(podman.find(ended, 'web')).rejects.toMatchObject({
    problem: { hint: expect.stringContaining('podman start web, as user 1000') },
  });
});

test('root’s own containers are left to root’s podman, and others’ to root', async () => {
  const own = machine({ files: { '/proc/70/status': 'Uid:\t0\t0\t0\t0\n' } });
  expect(await podman.list(own)).toMatchObject({ value: [] });
  const user = machine({ uid: 1000 });
  await podman.list(user);
  expect(user.asked.filter((line) => /conmon|\/proc/.test(line))).toEqual([]);
});

/** What an ordinary user, or a process in a container, can set up; each alone, beside all that is right. */
test.each<[string, Script]>([
  ['a name, and another program', { symbolic: { '/proc/70/exe': '/usr/bin/python3.11' } }],
  ['a program of one’s own', { symbolic: { '/proc/70/exe': '/home/eve/conmon' } }],
  ['a program of that path in another mount namespace', { identities: { '/proc/70/exe': { inode: 41 } } }],
  ['a program that is not root’s', { identities: { '/proc/70/exe': { inode: 40, owner: 1000 } } }],
  ['a program that others may change', { identities: { '/proc/70/exe': { inode: 40, mode: 0o777 } } }],
  ['a root of a container', { identities: { '/proc/70/root': { inode: 3 } } }],
  ['a pid namespace of a container', { identities: { '/proc/70/ns/pid': { inode: 501 } } }],
  ['no user namespace', { identities: { '/proc/70/ns/user': { inode: 600 } } }],
])('%s is no conmon', async (_, over) => {
  const fake = machine(over);
  expect(await podman.list(fake)).toMatchObject({ value: [] });
  expect(fake.asked.filter((line) => line.includes(RUN))).toEqual([]);
});

test.each([
  '/dev/watchdog',
  '/run/user/0/pidfile',
  '/run/user/1000/../../../dev/zero',
  '/run/user/1000',
  'pidfile',
])('a pid file at %s is not looked at', async (file) => {
  const fake = machine({ files: { '/proc/70/cmdline': conmon.replace(`${RUN}/pidfile`, file) } });
  expect(await podman.list(fake)).toMatchObject({ value: [] });
  expect(fake.asked).not.toContain(`read ${file}`);
});

test.each<[string, Script]>([
  ['init', { files: { [`${RUN}/pidfile`]: '1\n', '/proc/1/status': 'Uid:\t1000\t1000\t1000\t1000\n' } }],
  ['root’s', { files: { '/proc/80/status': 'Uid:\t0\t0\t0\t0\n' } }],
  ['set-user-id', { files: { '/proc/80/status': 'Uid:\t1000\t0\t0\t0\n' } }],
  ['another user’s', { files: { '/proc/80/status': 'Uid:\t1001\t1001\t1001\t1001\n' } }],
  ['of the host’s user namespace', { identities: { '/proc/80/ns/user': { inode: 600 } } }],
  ['no number', { files: { [`${RUN}/pidfile`]: '80/../1\n' } }],
])('a first process that is %s is not the container’s', async (_, over) => {
  expect(await podman.list(machine(over))).toMatchObject({ value: [{ state: 'exited', pid: null }] });
});

test('a name that podman would not take is not told: the id stands for it', async () => {
  const strange = conmon.replace('\0web\0', '\0$(id)\0');
  expect(await podman.list(machine({ files: { '/proc/70/cmdline': strange } }))).toMatchObject({
    value: [{ name: ID.slice(0, 12) }],
  });
});
