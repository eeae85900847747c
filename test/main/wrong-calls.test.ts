/** The built program and people's slips: each has its sentence, what to type, and its exit code. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const PROGRAM = join(ROOT, 'bin/netdoctor');
const home = mkdtempSync(join(tmpdir(), 'netdoctor-wrong-calls-'));

/** Neither root, network nor Docker is needed: these calls end before anything is looked at, or find nothing. */
const env = {
  HOME: home,
  XDG_CONFIG_HOME: home,
  DOCKER_HOST: `unix://${home}/none.sock`,
  LC_ALL: 'C.UTF-8',
  NETDOCTOR_TO: '',
};
const netdoctor = (args: readonly string[], more: Record<string, string> = {}) =>
  execa(PROGRAM, args, { env: { ...env, ...more }, reject: false, stdin: 'ignore' });

// Costs nothing where the bundle is newer than its sources.
beforeAll(async () => {
  const build = `await (await import('./bin/set-up/build.mjs')).buildProgram()`;
  await execa(process.execPath, ['--input-type=module', '-e', build], { cwd: ROOT });
}, 120_000);
afterAll(() => rmSync(home, { recursive: true }));

test('too few files that may be open are said as such, not as a fault of its own', async () => {
  // Node itself has some twenty; which of the rest is one too many is nobody's promise.
  const told = await Promise.all(
    [20, 22, 24, 26, 28, 30].map(async (limit) => {
      const call = ['-c', `ulimit -n ${limit}; exec "$@"`, 'sh', PROGRAM];
      const asked = [`pid:${process.pid}`, '--to', '127.0.0.1', '--json'];
      const { exitCode, stdout } = await execa('sh', [...call, ...asked], {
        env,
        reject: false,
        stdin: 'ignore',
      });
      return { exitCode, document: JSON.parse(stdout) as { code?: string; hint?: string; status?: string } };
    }),
  );
  const refused = told.filter(({ exitCode }) => exitCode === 3);
  // What is given up for want of one may leave enough for all that decides.
  const enough = told.filter(({ exitCode, document }) => exitCode === 0 && document.status === 'healthy');
  expect(refused.length + enough.length).toBe(told.length);
  expect(refused.length).toBeGreaterThan(3);
  expect(new Set(refused.map(({ document }) => document.code))).toEqual(new Set(['no-files']));
  for (const { document } of refused) expect(document.hint).toContain('ulimit -n');
});

/** A processor that this process may use. On one alone, the program itself starts the process that listens. */
const PROCESSOR = /^Cpus_allowed_list:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];

test.each([
  ['starts beside', ''],
  ['itself starts', `taskset -c ${PROCESSOR}`],
])('where files are too few for the process that it %s, nobody is signalled in its place', async (_, on) => {
  const ended = await Promise.all(
    [20, 21, 22, 22, 23, 23, 24, 25].map(async (limit) => {
      // In a group of its own, to which all is sent that is sent to nobody: kill(2), 0.
      const line = `ulimit -n ${limit}; ${on} "$@"; echo "ended with $?" >&2`;
      const call = ['-c', line, 'sh', PROGRAM, `pid:${process.pid}`, '--to', '127.0.0.1', '--json'];
      const options = { env, reject: false, stdin: 'ignore', detached: true } as const;
      const { stdout, stderr } = await execa('sh', call, options);
      return [stderr, (JSON.parse(stdout || 'null') as { code?: string } | null)?.code];
    }),
  );
  // Where just enough are left to ask, the answer counts.
  for (const one of ended)
    expect([['ended with 3', 'no-files'], ['ended with 0']]).toContainEqual(
      one.filter((part) => part !== undefined),
    );
});

/** What is typed; the exit code; what is wrong; what to type. */
const slips: [string, 2 | 3, RegExp, RegExp][] = [
  ['', 2, /No target is named\./, /netdoctor <target>/],
  ['--jsno web', 2, /Unknown option "--jsno"\./, /Did you mean --json\?/],
  ['web --bogus', 2, /Unknown option "--bogus"\./, /netdoctor --help/],
  ['web db', 2, /[Tt]oo many arguments/, /netdoctor --help/],
  ['web --to', 2, /"--to <END>" argument missing/, /netdoctor --help/],
  ['web --to 1.1.1.1:http', 2, /"http" in "1\.1\.1\.1:http" is no port\./, /from 1 to 65535/],
  ['web --to 300.1.1.1', 2, /"300\.1\.1\.1" is no IPv4 address\./, /four numbers/],
  ['web --to https://example.com', 2, /is a URL/, /--to example\.com:443/],
  ['web --to 2001:db8::g:80', 2, /more than one colon/, /brackets/],
  ['web --to container:', 2, /names no container/, /container:web:80/],
  ['web --from nowhere', 2, /"nowhere" is no source/, /container:TARGET/],
  ['web --proto sctp', 2, /icmp, tcp, udp, dns/, /netdoctor --help/],
  ['web --proto tcp', 2, /A TCP probe needs a port\./, /--to 198\.51\.100\.1:443/],
  ['web --proto icmp --to 1.1.1.1:80', 2, /ICMP has no ports\./, /--proto tcp/],
  ['web --name a.example', 2, /question of a DNS probe/, /--proto dns/],
  ['web --from outside', 2, /follows a packet to a port\./, /--to :8080/],
  ['web -4 -6', 2, /cannot be used with/, /netdoctor --help/],
  ['web -6 --to 198.51.100.1', 2, /is an IPv4 address/, /Leave out -6/],
  ['watch', 2, /No target is named\./, /netdoctor watch <target>/],
  ['watch web --from outside --to :80', 2, /can send none from outside/, /--from host/],
  ['watch web --interval 0', 2, /seconds from 0\.005 to 3600/, /netdoctor watch --help/],
  ['watch web --duration x', 2, /number of seconds/, /netdoctor watch --help/],
  ['watch web --alarm lost', 2, /"lost" is no alarm\./, /loss=0\.5/],
  ['watch web --save -', 2, /into a file/, /--save web\.pcapng/],
  ['watch web --proto icmp --to 1.1.1.1:80', 2, /ICMP has no ports\./, /--proto tcp/],
  ['web --count 0', 2, /whole number from 1 to 250/, /netdoctor --help/],
  ['web --timeout soon', 2, /number of seconds/, /netdoctor --help/],
  [
    'nobody-is-called-so',
    2,
    /No container or namespace is called "nobody-is-called-so"\./,
    /netdoctor containers/,
  ],
  ['rocket:web', 2, /"rocket" is no runtime netdoctor knows\./, /docker:/],
  ['docker:', 2, /The target has no name\./, /netdoctor containers/],
  ['pid:one', 2, /"one" is no process id/, /pid:1234/],
  ['pid:999999999', 2, /No pid target is called/, /netdoctor containers/],
  ['netns:/nowhere/at-all', 2, /No netns target/, /netdoctor containers/],
  ['docker:web', 3, /docker could not be asked/, /Is docker running/],
  ['explain ip-forwrd-off', 2, /No cause is called/, /Did you mean ip-forward-off\?/],
  ['schema diagnossis', 2, /No document is called/, /netdoctor schema diagnosis/],
  ['completion tcsh', 2, /"tcsh" is not known/, /bash, zsh and fish/],
  ['demo ip-forward', 2, /cannot make a fault called/, /ip-forward-off/],
];

describe('a wrong call', () => {
  test.each(slips)('netdoctor %s', async (line, code, what, doing) => {
    const { exitCode, stdout, stderr } = await netdoctor(line.split(' ').filter(Boolean));
    const said = stderr.replace(/\n {8}/g, ' ');
    expect(said).toMatch(what);
    expect(said).toMatch(/^✗ [^\n]+\n/);
    expect(said.split('\n').find((one) => one.startsWith('  do '))).toMatch(doing);
    expect(stdout).toBe('');
    expect(exitCode).toBe(code);
    expect(said).not.toMatch(/ {4}at |Error:/);
  });

  // A few are enough: that a problem becomes a document does not depend on which it is.
  const withJson = slips.filter(([line]) => !/^(completion|schema) /.test(line));
  test.each(withJson.filter((_, at) => at % 5 === 1))('netdoctor --json %s', async (line, code, what) => {
    const { exitCode, stdout, stderr } = await netdoctor(['--json', ...line.split(' ')]);
    const document = JSON.parse(stdout);
    expect(document.schema).toBe('netdoctor/error/1');
    expect(Object.keys(document)).toEqual(['schema', 'code', 'message', 'hint']);
    expect(document.message).toMatch(what);
    expect(stderr).toBe('');
    expect(exitCode).toBe(code);
  });
});

describe('what cannot be done from here', () => {
  it('an engine on another machine is refused with the line that runs it there', async () => {
    const { exitCode, stderr } = await netdoctor(['docker:web'], { DOCKER_HOST: 'ssh://admin@far.example' });
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/is on another machine/);
    expect(stderr.replace(/\n {8}/g, ' ')).toContain('ssh admin@far.example sudo netdoctor web');
  });

  it('a configuration that is wrong is named', async () => {
    mkdirSync(join(home, 'netdoctor'));
    writeFileSync(join(home, 'netdoctor/config.yaml'), 'target: web\n');
    const { exitCode, stderr } = await netdoctor(['web']);
    rmSync(join(home, 'netdoctor'), { recursive: true });
    expect(exitCode).toBe(2);
    expect(stderr.replace(/\n {8}/g, ' ')).toMatch(/config\.yaml cannot be used\.\n.*unknown key "target"/);
  });

  it('two documents at once are refused, as a document', async () => {
    const { exitCode, stdout } = await netdoctor(['web', '--json', '--ndjson']);
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ code: 'conflicting-options' });
  });

  it('words of strangers cannot move the cursor', async () => {
    const { stderr } = await netdoctor(['a\u001b[2J\u0007b']);
    expect(stderr).toContain('a[2Jb');
    expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });
});

describe('the launcher', () => {
  it('--help and --version need nothing, and end with 0', async () => {
    const help = await netdoctor(['--help']);
    expect(help).toMatchObject({ exitCode: 0, stderr: '' });
    expect(help.stdout).toMatch(/^netdoctor shows where a container's packets stop/);
    expect((await netdoctor(['--version'])).stdout).toMatch(/^netdoctor \d+\.\d+\.\d+$/);
  });

  it('a reader that goes away ends it quietly', async () => {
    const child = execa(PROGRAM, ['schema', 'diagnosis'], { env, reject: false, stdin: 'ignore' });
    child.stdout.destroy();
    const { stderr, signal } = await child;
    expect(stderr).toBe('');
    expect(signal).toBeUndefined();
  });

  it('a crash of its own is no verdict', async () => {
    const crash = `const { on } = process;
    process.on = function (name, ...rest) {
      if (name === 'uncaughtException') process.nextTick(() => { throw new Error('boom'); });
      return on.call(this, name, ...rest);
    };`;
    const { exitCode, stderr } = await netdoctor(['containers'], {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(crash)}`,
    });
    expect(stderr).toMatch(/✗ netdoctor itself failed\.\n {2}why {3}Boom\./);
    expect(exitCode).toBe(3);
  });

  it('without its program it says how to build it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'netdoctor-unbuilt-'));
    mkdirSync(join(folder, 'bin'));
    for (const name of ['netdoctor', 'package.json'])
      copyFileSync(join(ROOT, 'bin', name), join(folder, 'bin', name));
    const { exitCode, stderr } = await execa(process.execPath, [join(folder, 'bin/netdoctor')], {
      reject: false,
    });
    rmSync(folder, { recursive: true });
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/is not built yet.*npm run setup/s);
  });
});
