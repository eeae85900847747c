// A machine that lacks something netdoctor uses: it says what, goes on where it can, and never calls that healthy.
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Diagnosis } from '../../src/model/diagnosis.ts';
import { Lab } from '../lab/lab.ts';
import { program } from '../lab/lab-network.ts';

const packages = realpathSync(join(import.meta.dirname, '../../node_modules'));

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.up();
});
afterAll(() => lab.down());
beforeEach(async () => {
  await lab.step({ in: 'host', sh: 'iptables -F DOCKER-USER; sysctl -qw net.ipv4.ip_forward=1' });
});

/** Runs the diagnosis by way of another program, which takes something away first. */
async function diagnose(
  by: readonly string[],
  env: Record<string, string> = {},
  target?: string,
  more: readonly string[] = [],
) {
  const settings = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const question = [target ?? `netns:${lab.names.A}`, '--to', '198.51.100.1', '--json', ...more];
  const { exitCode, stdout, stderr } = await lab.run(
    'host',
    ['env', ...settings, ...by, program, 'diagnose', ...question],
    { reject: false, stdin: 'ignore', stdout: 'pipe', stderr: 'pipe', timeout: 60_000 },
  );
  return { exitCode, stderr, said: JSON.parse(stdout) as Diagnosis & { message?: string; hint?: string } };
}

/** In a mount namespace of its own something else stands at those paths; the machine's files are untouched. */
const hiding = (script: string): string[] => [
  'unshare',
  '--mount',
  'bash',
  '-ec',
  `${script}\nexec "$@"`,
  'bash',
];

const withoutRules = hiding(`
  real=$(mktemp -d -p "$LAB")
  mount --bind /usr/sbin "$real"
  mount -t tmpfs none /usr/sbin
  for tool in "$real"/*; do
    case $tool in */nft|*tables*) ;; *) ln -s "$tool" /usr/sbin/ ;; esac
  done`);
const without = (...folders: string[]): string[] =>
  hiding(folders.map((folder) => `mount -t tmpfs none '${join(packages, folder)}'`).join('\n'));

describe('without the right to look', () => {
  test.each([
    ['root in a user namespace of its own', ['unshare', '--user', '--map-root-user']],
    ['nobody in particular', ['unshare', '--user']],
    ['root without capabilities', ['setpriv', '--bounding-set=-all', '--inh-caps=-all']],
  ])('%s is told the one line to type', async (_, by) => {
    const { exitCode, stderr, said } = await diagnose(by);
    expect({ exitCode, stderr, said }).toMatchObject({
      exitCode: 3,
      stderr: '',
      said: { schema: 'netdoctor/error/1', hint: expect.stringMatching(/sudo netdoctor \S+$/) },
    });
  });
});

test('root that may not send raw packets is told where to run it', async () => {
  const by = ['setpriv', '--bounding-set=-net_raw', '--inh-caps=-net_raw'];
  expect(await diagnose(by)).toMatchObject({
    exitCode: 3,
    said: { schema: 'netdoctor/error/1', hint: expect.stringMatching(/where nothing confines it/) },
  });
});

describe('without nft and iptables', () => {
  test('a setting is still found, and the rules are what could not be looked at', async () => {
    await lab.step({ in: 'host', sh: 'sysctl -qw net.ipv4.ip_forward=0' });
    const { exitCode, said } = await diagnose(withoutRules);
    expect({ exitCode, cause: said.cause }).toEqual({ exitCode: 1, cause: 'ip-forward-off' });
    expect(said.unknown).toContainEqual({
      what: 'the firewall rules of the host',
      because: 'nft is not installed',
    });
  });

  test('a dropping rule is placed, not guessed at', async () => {
    await lab.step({ in: 'host', sh: 'iptables -I DOCKER-USER -s 10.88.0.2 -j DROP' });
    const { exitCode, said } = await diagnose(withoutRules);
    expect({ exitCode, cause: said.cause, between: said.between }).toEqual({
      exitCode: 1,
      cause: null,
      between: ['host/br0', 'host/up0'],
    });
    expect(said.unknown.map(({ because }) => because)).toContain('nft is not installed');
  });

  test('answered probes are healthy all the same', async () => {
    expect(await diagnose(withoutRules)).toMatchObject({ exitCode: 0, said: { status: 'healthy' } });
  });
});

describe('without its own packages', () => {
  test('no cap: packet sockets watch as ever', async () => {
    const { exitCode, said } = await diagnose(without('cap/build'));
    expect({ exitCode, status: said.status }).toEqual({ exitCode: 0, status: 'healthy' });
    expect(said.path.every(({ captured, request }) => captured && request !== null)).toBe(true);
  });

  test('no captures: the kernel and the rules still tell, and the line that builds cap is said', async () => {
    await lab.step({ in: 'host', sh: 'iptables -I DOCKER-USER -s 10.88.0.2 -j DROP' });
    const { exitCode, said } = await diagnose(without('cap/build'), {}, undefined, ['--engine', 'cap']);
    expect({ exitCode, cause: said.cause }).toEqual({ exitCode: 1, cause: 'firewall-rule-drop' });
    expect(said.path.every(({ captured, request }) => !captured && request === null)).toBe(true);
    expect(said.unknown).toContainEqual({
      what: 'packets on host/br0',
      because: 'cap is not built (npm rebuild cap)',
    });
  });

  test('a libpcap that cannot be loaded is named with its package', async () => {
    await lab.step({ in: 'host', sh: 'sysctl -qw net.ipv4.ip_forward=0' });
    const { said } = await diagnose(
      hiding(`for library in $(ldconfig -p | sed -n 's/.*libpcap.*=> //p'); do
        mount --bind /dev/null "$(readlink -f "$library")"
      done`),
    );
    expect(said.unknown).toContainEqual({
      what: 'packets on host/br0',
      because: 'libpcap cannot be loaded (apt-get install libpcap0.8)',
    });
  });

  test('no koffi: it cannot look, and says how to get it', async () => {
    // Its native file lies in a package of its own.
    expect(await diagnose(without('koffi', '@koromix'))).toMatchObject({
      exitCode: 3,
      said: { code: 'no-koffi', hint: expect.stringContaining('npm run setup') },
    });
  });
});

test.each(['ssh://me@far.example', 'tcp://192.0.2.2:2375'])(
  'an engine at %s is on another machine, and is refused',
  async (host) => {
    expect(await diagnose([], { DOCKER_HOST: host }, 'docker:web')).toMatchObject({
      exitCode: 3,
      stderr: '',
      said: { code: 'remote-engine', hint: expect.stringContaining('sudo netdoctor web') },
    });
  },
);
