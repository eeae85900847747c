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

const machine = (over: Script = {}) =>
  fakeMachine({
    lists: { '/proc': ['1', '70', '71', '80', 'self'] },
    files: {
      '/proc/1/comm': 'systemd\n',
      '/proc/70/comm': 'conmon\n',
      '/proc/70/cmdline': conmon,
      '/proc/70/status': 'Name:\tconmon\nUid:\t1000\t1000\t1000\t1000\n',
      '/proc/71/comm': 'slirp4netns\n',
      '/proc/71/status': 'Uid:\t1000\t1000\t1000\t1000\n',
      '/proc/80/comm': 'sleep\n',
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
