/** The demo as people start it: every fault it knows is made, diagnosed and named, and nothing stays behind. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { faults } from '../../src/demo/catalogue.ts';

const program = join(import.meta.dirname, '../../bin/netdoctor');
const netdoctor = (...args: string[]) => execa(program, args, { reject: false, timeout: 50_000 });

/** What a demo could leave on this machine by name; the names are those of its network. */
const machine = (): string[] => [
  ...namesIn('/run/netns').filter((name) => /^(web|db|mail|internet)$/.test(name)),
  ...(readFileSync('/proc/net/dev', 'utf8').match(/\b(br[01]|veth(web|db|mail)):/g) ?? []),
  ...(readFileSync('/proc/self/mounts', 'utf8').match(/^netdoctor-demo .*$/gm) ?? []),
];

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

/** Programs that carry the mark of a demo started by this one. */
const programs = (mark: string): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(mark);
      } catch {
        return false;
      }
    });

const settled = async (mark: string): Promise<number[]> => {
  for (let left = 50; left > 0 && programs(mark).length > 0; left -= 1) {
    await new Promise((done) => setTimeout(done, 100));
  }
  return programs(mark);
};

describe('every fault is named by the verdict', () => {
  it.concurrent.each(faults.map((fault) => [fault.id, fault] as const))('%s', async (id, fault) => {
    const { stdout, stderr, exitCode } = await netdoctor('demo', id, '--json');
    expect(stdout, stderr).toMatch(/^\{/);
    const { schema, cause, message } = JSON.parse(stdout);
    // A kernel without the part that the fault needs says so, and no verdict is made up.
    if (schema === 'netdoctor/error/1') {
      expect(message).toMatch(/not supported|unknown|not found/i);
      expect(exitCode).toBe(3);
      return;
    }
    expect([fault.id, ...(fault.alsoRight ?? [])]).toContain(cause);
    expect(exitCode).toBe(0);
  });
});

describe("a recipe's network, broken", () => {
  it.concurrent.each([
    ['veth-direct', 'container-interface-down'],
    ['bridge-isolated', 'veth-not-on-bridge'],
    ['bridge-nat', 'masquerade-missing'],
    ['vxlan', 'veth-on-wrong-bridge'],
  ])('%s by %s', async (recipe, cause) => {
    const { stdout, stderr, exitCode } = await netdoctor('demo', recipe, '--break', cause, '--json');
    expect(stdout, stderr).toMatch(/^\{/);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'fault', cause });
    expect(exitCode).toBe(0);
  });

  it('is not offered a break that does it no harm', async () => {
    const { stderr, exitCode } = await netdoctor('demo', 'bridge-isolated', '--break', 'ip-forward-off');
    expect(stderr).toMatch(/ip-forward-off does no harm to this network/);
    expect(exitCode).toBe(2);
  });

  it('says which part it lacks for a break', async () => {
    const { stderr, exitCode } = await netdoctor('demo', 'vxlan', '--break', 'container-no-route');
    expect(stderr).toMatch(
      /no part in which container-no-route could be made: `[^`]*route del default`\s+said:/,
    );
    expect(exitCode).toBe(2);
  });
});

describe('the end of a demo', () => {
  const before = machine();

  it('tells the story in plain text, and is gone', async () => {
    const { stdout, exitCode } = await netdoctor('demo');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/\$ netdoctor diagnose netns:web --to 198\.51\.100\.1\n.*IPv4 forwarding is off/s);
    expect(stdout).toMatch(
      /What the demo had broken: .*ip-forward-off.*✓ The verdict names it: ip-forward-off/s,
    );
    expect(machine()).toEqual(before);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('leaves nothing after %s', async (signal, code) => {
    const mark = `NETDOCTOR_TEST=${process.pid}-${signal}`;
    const child = execa(program, ['demo', 'no-reply-from-destination'], {
      reject: false,
      env: { NETDOCTOR_TEST: mark.split('=')[1] },
    });
    while (programs(mark).length < 2) await new Promise((done) => setTimeout(done, 20));
    child.kill(signal);
    expect((await child).exitCode).toBe(code);
    expect(await settled(mark)).toEqual([]);
    expect(machine()).toEqual(before);
  });

  it('leaves nothing when it is killed, which it cannot notice', async () => {
    const mark = `NETDOCTOR_TEST=${process.pid}-kill`;
    const child = execa(program, ['demo', 'no-reply-from-destination'], {
      reject: false,
      env: { NETDOCTOR_TEST: mark.split('=')[1] },
    });
    while (programs(mark).length < 2) await new Promise((done) => setTimeout(done, 20));
    child.kill('SIGKILL');
    await child;
    expect(await settled(mark)).toEqual([]);
    expect(machine()).toEqual(before);
  });
});

describe('without root', () => {
  it('runs in a user namespace and says what that costs', async () => {
    const nobody = ['--reuid', '65534', '--regid', '65534', '--clear-groups'];
    const { stdout, exitCode } = await execa('setpriv', [...nobody, program, 'demo'], { reject: false });
    expect(stdout).toMatch(/Without root it runs in a user namespace/);
    expect(stdout).toMatch(/The verdict names it: ip-forward-off/);
    expect(exitCode).toBe(0);
  });
});

describe('its time', () => {
  it('is that of the diagnosis, and may be more than usual', async () => {
    const short = await netdoctor('demo', 'no-reply-from-destination', '--timeout', '0.5');
    // Before anything could be watched, or while the answer was waited for: as fast as the machine is.
    expect(short.stdout + short.stderr).toMatch(/[Tt]he time (of this diagnosis )?was up/);
    expect(short.exitCode).toBe(3);
    const long = await netdoctor('demo', 'no-reply-from-destination', '--timeout', '30', '--json');
    expect(JSON.parse(long.stdout)).toMatchObject({ cause: 'no-reply-from-destination' });
    expect(long.exitCode).toBe(0);
  });

  it('is a number of seconds', async () => {
    const { stderr, exitCode } = await netdoctor('demo', '--timeout', '0');
    expect(stderr).toMatch(/It takes a number of seconds from 0\.5 to 3600/);
    expect(exitCode).toBe(2);
  });
});

describe('wrong calls', () => {
  it('offers near names', async () => {
    const { stderr, exitCode } = await netdoctor('demo', 'forward-drop');
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/forward-policy-drop/);
  });

  it('lists what it can break', async () => {
    const { stdout, exitCode } = await netdoctor('demo', 'list');
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')).toHaveLength(faults.length);
  });
});
