/** Files of a container, with links that would lead the kernel out of it. */
import { expect, test } from 'vitest';
import { etcFile, inRoot } from '../../src/discover/name/files.ts';
import { libraryOf } from '../../src/discover/name/library.ts';
import { known, notKnown } from '../../src/model/answer.ts';
import type { Target } from '../../src/model/target.ts';
import { fakeMachine, type Script } from './fake-machine.ts';

const ROOT = '/proc/42/root';

function machine(links: Readonly<Record<string, string>>, script: Script = {}) {
  const made = fakeMachine(script);
  return Object.assign(made, {
    link: (file: string) => {
      const to = links[file];
      return to === undefined ? notKnown('unreadable', 'no link', []) : known(to, []);
    },
  });
}

const target = (more: Partial<Target>): Target =>
  ({ runtime: 'pid', name: 'web', pid: 42, resolvConf: null, networks: [], ...more }) as Target;

test('an absolute link is followed inside the container', () => {
  const links = { [`${ROOT}/etc/resolv.conf`]: '/run/systemd/resolve/stub-resolv.conf' };
  expect(inRoot(machine(links), ROOT, '/etc/resolv.conf')).toBe(
    `${ROOT}/run/systemd/resolve/stub-resolv.conf`,
  );
});

test('a link in the middle, and one upwards, stay inside too', () => {
  const links = { [`${ROOT}/etc`]: '/usr/etc', [`${ROOT}/usr/etc/hosts`]: '../../../../../../etc2/hosts' };
  expect(inRoot(machine(links), ROOT, '/etc/hosts')).toBe(`${ROOT}/etc2/hosts`);
});

test('a ring of links ends', () => {
  const links = { [`${ROOT}/etc/hosts`]: 'hosts' };
  expect(inRoot(machine(links), ROOT, '/etc/hosts')).toBeUndefined();
  expect(etcFile(machine(links), target({}), 'container', 'hosts').because).toContain('ring');
});

test('a dangling link is a file that is not there, and never the host’s own', () => {
  const links = { [`${ROOT}/etc/resolv.conf`]: '/run/gone' };
  const files = { '/etc/resolv.conf': 'nameserver 9.9.9.9\n' };
  expect(etcFile(machine(links, { files }), target({}), 'container', 'resolv.conf')).toEqual({
    file: `${ROOT}/run/gone`,
    text: undefined,
    because: null,
  });
});

test('a bare namespace has the files that ip-netns lays over those of the host, one by one', () => {
  const files = { '/etc/netns/red/hosts': '10.0.0.1 db\n', '/etc/resolv.conf': 'nameserver 9.9.9.9\n' };
  const red = target({ runtime: 'netns', name: 'red', pid: null });
  expect(etcFile(machine({}, { files }), red, 'container', 'hosts').file).toBe('/etc/netns/red/hosts');
  expect(etcFile(machine({}, { files }), red, 'container', 'resolv.conf').file).toBe('/etc/resolv.conf');
});

test.each([
  ['musl', ['ld-musl-x86_64.so.1'], [], 'musl'],
  ['glibc', [], ['ld-linux-x86-64.so.2'], 'glibc'],
  ['no loader at all', [], [], null],
])('the C library is told by its loader: %s', (_, lib, lib64, expected) => {
  const lists = { [`${ROOT}/lib`]: lib, [`${ROOT}/lib64`]: lib64 };
  expect(libraryOf(machine({}, { lists }), target({}), 'container')).toBe(expected);
});

test('with both loaders the first process tells', () => {
  const lists = { [`${ROOT}/lib`]: ['ld-musl-x86_64.so.1', 'ld-linux-x86-64.so.2'] };
  const maps = (text: string) => machine({}, { lists, files: { '/proc/42/maps': text } });
  expect(libraryOf(maps('7f r-xp /lib/ld-musl-x86_64.so.1\n'), target({}), 'container')).toBe('musl');
  expect(libraryOf(maps('7f r-xp /usr/lib/libc.so.6\n'), target({}), 'container')).toBe('glibc');
  expect(libraryOf(maps('7f r-xp /app\n'), target({}), 'container')).toBeNull();
  expect(libraryOf(maps(''), target({ pid: null }), 'container')).toBeNull();
});
