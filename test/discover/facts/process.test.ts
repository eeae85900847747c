import { expect, test } from 'vitest';
import { cgroup2Mount, cgroup2Path } from '../../../src/discover/facts/cgroup.ts';
import { isInRange, proxiesIn } from '../../../src/discover/facts/process.ts';
import { capabilities } from '../../../src/discover/parse/capabilities.ts';
import { healthy } from '../../causes/scene.ts';
import { gathered, value } from './gathered.ts';

const MOUNTS = `31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
40 31 0:38 /part /mnt/part rw,relatime - cgroup2 cgroup2 rw
41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
`;
const CGROUP = '4:memory:/docker/97ac\n0::/system.slice/docker-97ac.scope\n';

const lab = () => {
  const scene = healthy();
  scene.target.pid = 4242;
  return scene;
};

test('capability bits are those of the kernel', () => {
  expect(capabilities('0000000000002400')).toEqual(['CAP_NET_BIND_SERVICE', 'CAP_NET_RAW']);
  expect(capabilities('00000000a80425fb')).toHaveLength(14);
  expect(capabilities('000001ffffffffff').at(-1)).toBe('CAP_CHECKPOINT_RESTORE');
});

test('credentials come from the process, the ping range from its namespace', async () => {
  const scene = lab();
  const process = await value('process', scene, {
    files: {
      '/proc/4242/status':
        'Name:\tx\nGid:\t0\t7\t0\t0\nGroups:\t0 9 \nCapEff:\t0000000000002000\nCapBnd:\t0000000000000000\nSeccomp:\t2\nNoNewPrivs:\t1\n',
      '/proc/4242/environ': 'PATH=/bin\0https_proxy=http://user:secret@proxy:3128/\0NO_PROXY=localhost\0',
      '/proc/4242/attr/current': 'docker-default (enforce)\n\0',
      [`${scene.target.netns.path} /proc/sys/net/ipv4/ping_group_range`]: '1\t0\n',
    },
  });
  expect(process).toEqual({
    capabilities: ['CAP_NET_RAW'],
    seccomp: 2,
    noNewPrivileges: true,
    proxies: { https_proxy: 'http://***@proxy:3128/', NO_PROXY: 'localhost' },
    pingGroupRange: '1 0',
    mayPing: false,
    label: 'docker-default (enforce)',
  });
});

test('whoever is of a group of the range may ping', () => {
  const status = 'Gid:\t0\t7\t0\t0\nGroups:\t0 9 \nNStgid:\t1\n';
  expect(isInRange(status, '0\t2147483647')).toBe(true);
  expect(isInRange(status, '7 7')).toBe(true);
  expect(isInRange(status, '8 9')).toBe(true);
  expect(isInRange(status, '10 20')).toBe(false);
  expect(isInRange(status, '1 0')).toBe(false);
});

test('a password in a proxy is not repeated', () => {
  expect(JSON.stringify(proxiesIn('http_proxy=http://me:hunter2@p:1\0'))).not.toContain('hunter2');
});

test('a bare namespace has no process to ask', async () => {
  expect((await gathered('process', healthy(), {})).answer).toMatchObject({
    known: false,
    because: 'not-asked',
  });
});

test('a process that is gone makes it unknown', async () => {
  expect((await gathered('process', lab(), {})).answer).toMatchObject({ known: false, because: 'vanished' });
});

test('the cgroup is found in the mount that shows all of it', () => {
  expect(cgroup2Mount(MOUNTS)).toBe('/sys/fs/cgroup/unified');
  expect(cgroup2Path(CGROUP)).toBe('/system.slice/docker-97ac.scope');
  expect(cgroup2Mount('31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n')).toBeNull();
});

test('programs attached above the target count too', async () => {
  const directory = '/sys/fs/cgroup/unified/system.slice/docker-97ac.scope';
  const programs = await value('cgroup', lab(), {
    run: {
      [`bpftool -j cgroup show ${directory} effective`]:
        '[{"id":214,"attach_type":"cgroup_inet_egress","name":"deny","attach_btf_id":0}]',
    },
    files: { '/proc/4242/cgroup': CGROUP, '/proc/self/mountinfo': MOUNTS },
  });
  expect(programs).toEqual([{ id: 214, attach: 'cgroup_inet_egress', name: 'deny', cgroup: directory }]);
});

test('without bpftool, or without cgroup2, nobody knows', async () => {
  const files = { '/proc/4242/cgroup': CGROUP, '/proc/self/mountinfo': MOUNTS };
  expect((await gathered('cgroup', lab(), { files })).answer).toMatchObject({
    known: false,
    because: 'no-such-tool',
  });
  const none = { ...files, '/proc/self/mountinfo': '' };
  expect((await gathered('cgroup', lab(), { files: none })).answer).toMatchObject({ because: 'unsupported' });
});
