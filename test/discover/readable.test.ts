/** What the target's own user may read, and root may anyhow. */
import { expect, test } from 'vitest';
import { etcFile } from '../../src/discover/name/files.ts';
import { readResolver } from '../../src/discover/resolver.ts';
import type { FileIdentity } from '../../src/host/machine.ts';
import type { Target } from '../../src/model/target.ts';
import { fakeMachine } from './fake-machine.ts';

const ROOT = '/proc/42/root';
const FILE = `${ROOT}/etc/resolv.conf`;
const target = { runtime: 'pid', name: 'web', pid: 42, resolvConf: null, networks: [] } as unknown as Target;

const status = (user: number, group: number, groups = '', capabilities = '0000000000000000') =>
  `Name:\tsh\nUid:\t0\t0\t0\t${user}\nGid:\t0\t0\t0\t${group}\nGroups:\t${groups}\nCapEff:\t${capabilities}\n`;
const OVERRIDE = '0000000000000002';

function machine(
  who: string,
  file: Partial<FileIdentity>,
  more: Readonly<Record<string, string>> = {},
  etc = 0o755,
) {
  return fakeMachine({
    files: { [FILE]: 'nameserver 198.51.100.53\n', '/proc/42/status': who, ...more },
    identities: {
      [`${ROOT}/`]: { group: 0 },
      [`${ROOT}/etc`]: { group: 0, mode: etc },
      [FILE]: { group: 0, ...file },
    },
  });
}

test.each([
  ['a mode for everybody', status(1000, 1000), { mode: 0o644 }],
  ['a file of its own', status(1000, 1000), { mode: 0o600, owner: 1000 }],
  ['a group of its own', status(1000, 1000, '24 27'), { mode: 0o640, group: 27 }],
  ['root with its capabilities', status(0, 0, '', OVERRIDE), { mode: 0o000 }],
  ['root without, of its own file', status(0, 0), { mode: 0o400 }],
])('%s is read', (_, who, file) => {
  const read = etcFile(machine(who, file), target, 'container', 'resolv.conf');
  expect(read.denied).toBeUndefined();
  expect(read.text).toContain('198.51.100.53');
});

test.each([
  [
    'another user’s, for the owner alone',
    status(1000, 1000),
    { mode: 0o600 },
    /user 1000 may not read it \(mode 600, owner 0/,
  ],
  [
    'the owner’s own bits decide, not those of all',
    status(1000, 1000),
    { mode: 0o044, owner: 1000 },
    /mode 44/,
  ],
  ['a group that it is not in', status(1000, 1000, '24'), { mode: 0o640, group: 27 }, /group 27/],
  [
    'root without capabilities, of another user’s',
    status(0, 0),
    { mode: 0o600, owner: 1000 },
    /user 0 may not/,
  ],
])('%s is not', (_, who, file, words) => {
  const read = etcFile(machine(who, file), target, 'container', 'resolv.conf');
  expect(read).toMatchObject({ text: undefined, because: null, denied: expect.stringMatching(words) });
});

test('a folder above it counts as well', () => {
  const read = etcFile(
    machine(status(1000, 1000), { mode: 0o644 }, {}, 0o700),
    target,
    'container',
    'resolv.conf',
  );
  expect(read.denied).toBe('user 1000 may not enter /etc (mode 700, owner 0, group 0)');
});

test('capabilities end where its user namespace does', () => {
  const maps = { '/proc/42/uid_map': '0 100000 65536\n', '/proc/42/gid_map': '0 100000 65536\n' };
  const who = status(100000, 100000, '', OVERRIDE);
  const read = (owner: number) =>
    etcFile(machine(who, { mode: 0o600, owner, group: owner }, maps), target, 'container', 'resolv.conf')
      .denied;
  expect(read(0)).toMatch(/owner 0/);
  expect(read(101000)).toBeUndefined();
});

test('what nobody could look at is not denied', () => {
  const blind = fakeMachine({ files: { [FILE]: 'nameserver 198.51.100.53\n' } });
  expect(etcFile(blind, target, 'container', 'resolv.conf').denied).toBeUndefined();
  const old = fakeMachine({
    files: { [FILE]: 'nameserver 198.51.100.53\n', '/proc/42/status': status(1000, 1000) },
    identities: { [`${ROOT}/`]: {}, [`${ROOT}/etc`]: {}, [FILE]: { mode: 0o600 } },
  });
  expect(etcFile(old, target, 'container', 'resolv.conf').denied).toBeUndefined();
});

test('the resolver then names nobody, and says why', () => {
  const answer = readResolver(machine(status(1000, 1000), { mode: 0o600 }), target);
  expect(answer).toMatchObject({
    known: true,
    value: { nameservers: [], denied: expect.stringContaining('user 1000') },
  });
});
