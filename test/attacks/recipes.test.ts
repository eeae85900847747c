/** Recipes and configuration that somebody else has put where root looks, as under `sudo -E`. */
import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { netdoctor, UNPRINTABLE } from './attacked.ts';

let lab: Lab;
let home: string;
beforeAll(async () => {
  lab = await Lab.up();
  home = join(lab.folder, 'config');
  mkdirSync(join(home, 'netdoctor/recipes'), { recursive: true });
});
afterAll(() => lab.down());

const HEAD = 'title: T\nwhy: w\npicture: p\nasks: {}\n';
const forward = '- {do: sysctl, why: w, key: net.ipv4.ip_forward, value: "1"}\n';

function write(name: string, text: string, owner = 0): string {
  const file = join(home, 'netdoctor', name);
  writeFileSync(file, text);
  chownSync(file, owner, owner);
  return file;
}
const ask = (...args: string[]) => netdoctor(lab, args, { env: { XDG_CONFIG_HOME: home } });
const setup = (file: string) => ask('setup', '--recipe', file, '--dry-run');

describe('a recipe', () => {
  it.each([
    'kernel.core_pattern',
    'kernel.modprobe',
    '-p/tmp/evil.conf',
    'net.//.kernel.core_pattern',
    'net/../kernel/core_pattern',
    '"net.ipv4.conf.x=1 kernel.y"',
  ])('never sets %s', async (key) => {
    const file = write(
      'recipes/evil.yaml',
      `${HEAD}steps:\n- {do: sysctl, why: w, key: ${key}, value: "|/x"}\n`,
    );
    expect((await ask('setup', 'lint', file)).exitCode).toBe(1);
    const said = await setup(file);
    expect(said.exitCode).toBe(2);
    expect(said.stdout).toBe('');
  });

  it('never takes the place of one of netdoctor’s own, and whose it is is said', async () => {
    write('recipes/bridge-nat.yaml', `${HEAD}steps:\n${forward}`);
    const own = await ask('setup', 'bridge-nat', '--set', 'containers=new:red', '--dry-run');
    expect(own.stdout).toContain('br-nat');
    expect(own.stderr).toBe('');
    const file = write('recipes/mine.yaml', `${HEAD}steps:\n${forward}`);
    const mine = await ask('setup', 'mine', '--dry-run');
    expect(mine.stdout).toContain('Set net.ipv4.ip_forward to 1');
    expect(mine.stderr).toContain(`not one of netdoctor's own: ${file} belongs to root`);
  });

  it('of somebody else is not offered to root, and whose it is is said when it is named', async () => {
    const file = write('recipes/theirs.yaml', `${HEAD}steps:\n${forward}`, 1000);
    expect((await ask('setup', 'theirs', '--dry-run')).exitCode).toBe(2);
    expect((await setup(file)).stderr).toContain('belongs to user 1000');
  });

  it('gets no word into a command that the program would take for something else', async () => {
    const steps =
      '- {do: dnat, why: w, proto: "--modprobe=/x", port: "1", address: "10.0.0.1", to_port: "1", bridge: b}\n';
    const said = await setup(write('recipes/words.yaml', `${HEAD}steps:\n${steps}`));
    expect([2, 3]).toContain(said.exitCode);
    expect(said.stdout).toBe('');
  });

  it('cannot break out of its script, nor write on the terminal', async () => {
    const to = `198.51.100.1'; touch ${lab.folder}/PWNED; echo '`;
    const file = write(
      'recipes/script.yaml',
      `title: "T\\nrm -rf /x\\e]0;P\\a\\u202e"\nwhy: "a\\n\\nrm -rf /y\\e[2J"\npicture: p\nasks: {}\nsteps:\n${forward}holds:\n- {from: host, to: ${JSON.stringify(to)}, is: silent}\n`,
    );
    const { stdout, stderr } = await setup(file);
    expect(`${stdout}${stderr}`).not.toMatch(UNPRINTABLE);
    const lines = stdout.split('\n').filter((line) => line.includes('PWNED'));
    // Each such line is a word of ping or of echo, as a shell reads it.
    for (const line of lines) {
      const words = execFileSync('sh', ['-c', `printf '%s\\n' ${line.replace(/^if |; then$| >&2$/g, '')}`]);
      expect(String(words)).toContain(to);
    }
    expect(lines.length).toBeGreaterThan(0);
    expect(existsSync(join(lab.folder, 'PWNED'))).toBe(false);
    expect(stdout.split('\n').filter((line) => /^rm /.test(line))).toEqual([]);
  });

  it.each([
    [
      'a bomb',
      `a: &a [${'x,'.repeat(9)}x]\n${'bcdefg'
        .split('')
        .map((one, at) => `${one}: &${one} [${`*${'abcdef'[at]},`.repeat(9)}*a]`)
        .join('\n')}\n`,
    ],
    ['deep', `a: ${'['.repeat(20_000)}`],
    [
      'long',
      `${HEAD}steps:\n${forward}${Array.from({ length: 100_000 }, (_, at) => `k${at}: v\n`).join('')}`,
    ],
    ['binary', '\u0000\u0001'],
  ])('that is %s is refused in a moment', async (_, text) => {
    const said = await setup(write('recipes/odd.yaml', text));
    expect(said.exitCode).toBe(2);
    expect(said.stderr).not.toContain('itself failed');
  });
});

describe('a configuration', () => {
  it.each([
    ['of a user', 'to: 198.51.100.1', 1000, 'belongs to user 1000'],
    ['with a list', 'to: [a]', 0, 'no destination'],
    ['of five megabytes', `to: ${'a'.repeat(5_000_000)}`, 0, 'KiB'],
    ['with a bomb', 'a: &a [x,x]\nto: *a', 0, 'cannot be used'],
    ['too deep', `to: ${'['.repeat(20_000)}`, 0, 'cannot be used'],
    ['with escapes', 'to: "\\e]0;x\\a"', 0, 'cannot be used'],
  ])('%s is refused, and says why', async (_, text, owner, why) => {
    write('config.yaml', text, owner);
    const said = await ask('diagnose', `netns:${lab.names.A}`, '--plain');
    expect(said.exitCode).toBe(2);
    expect(said.stderr.replace(/\s+/g, ' ')).toContain(why);
    expect(said.stderr).not.toMatch(UNPRINTABLE);
  });
});
