/** The journal as a weapon: undo does as root what is written there. */
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { keptChange, keptEntry } from '../repair/kept-entry.ts';
import { netdoctor, UNPRINTABLE } from './attacked.ts';

let lab: Lab;
let state: string;
let count = 0;
beforeAll(async () => {
  lab = await Lab.up();
});
afterAll(() => lab.down());
beforeEach(() => {
  state = join(lab.folder, `state${++count}`);
  mkdirSync(join(state, 'journal'), { recursive: true, mode: 0o700 });
});

const ask = (...args: string[]) => netdoctor(lab, args, { env: { NETDOCTOR_STATE: state } });
const forwarding = async (): Promise<string> =>
  String((await lab.run('host', ['sysctl', '-n', 'net.ipv4.ip_forward'])).stdout);

function put(name: string, text: string | object): void {
  const file = join(state, 'journal', name);
  writeFileSync(file, typeof text === 'string' ? text : JSON.stringify(text), { mode: 0o600 });
}

async function entry(id: string, undo: readonly string[], more: object = {}): Promise<object> {
  const { stdout } = await lab.run('host', ['stat', '-Lc', '%i', '/proc/self/ns/net']);
  return keptEntry({
    id,
    boot: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
    hostNamespace: Number(stdout),
    changes: [keptChange({ run: { argv: ['conntrack', '-D', '-s', '192.0.2.250'] } })],
    undo: [{ run: { argv: undo } }],
    ...more,
  });
}

describe('a state folder that others can write', () => {
  it.each([
    ['belongs to a user', () => chownSync(state, 1000, 1000)],
    ['is open to all', () => chmodSync(state, 0o777)],
    ['holds a journal of a user', () => chownSync(join(state, 'journal'), 1000, 1000)],
  ])('%s: nothing of it is believed or written', async (_, weaken) => {
    put('000001.json', await entry('1', ['sysctl', '-w', 'net.ipv4.ip_forward=0']));
    const victim = join(lab.folder, 'victim');
    writeFileSync(victim, 'precious');
    symlinkSync(victim, join(state, 'lock'));
    weaken();
    for (const words of [['undo'], ['undo', '--all', '--force'], ['undo', '1'], ['log'], ['keep']]) {
      const said = await ask(...words);
      expect(`${said.stdout}${said.stderr}`).toMatch(/believed|belongs to user|cannot be read/);
      if (words[0] === 'undo') expect([1, 3]).toContain(said.exitCode);
    }
    expect(await forwarding()).toBe('1');
    expect(readFileSync(victim, 'utf8')).toBe('precious');
  });
});

describe('one odd entry', () => {
  const ODD: readonly (readonly [string, () => string | Promise<object>])[] = [
    ['empty', () => ''],
    ['null', () => 'null'],
    ['its schema alone', () => '{"schema":"netdoctor/journal/1"}'],
    ['a list without end', () => '['.repeat(100_000)],
    ['no changes', () => entry('3', [], { changes: null })],
    ['another number', () => entry('../../x', ['sysctl', '-w', 'net.ipv4.ip_forward=0'])],
    ['a program of nobody', () => entry('3', ['touch', '/tmp/netdoctor-pwned'])],
    ['escapes', () => entry('3', ['\u001b]0;x\u0007\u202e'], { title: '\u001b[31m', when: '\u001b[31m' })],
  ];
  it.each(ODD)('(%s) is named, and stops nobody from taking back the good one', async (_, odd) => {
    put('000002.json', await entry('2', ['sysctl', '-w', 'net.ipv4.conf.all.log_martians=1']));
    put('000003.json', await odd());
    await lab.run('host', ['sysctl', '-qw', 'net.ipv4.conf.all.log_martians=0']);
    const all = [await ask('log'), await ask('undo', '--all'), await ask('keep'), await ask('undo')];
    for (const said of all) {
      expect(said.stderr).not.toContain('itself failed');
      expect(`${said.stdout}${said.stderr}`).not.toMatch(UNPRINTABLE);
    }
    expect(all[1]!.exitCode).toBe(1);
    expect(all[1]!.stderr).toContain('000003.json cannot be read');
    expect(all[3]!.stderr).not.toContain('Nothing of netdoctor stands');
    expect(String((await lab.run('host', ['sysctl', '-n', 'net.ipv4.conf.all.log_martians'])).stdout)).toBe(
      '1',
    );
    expect(existsSync('/tmp/netdoctor-pwned')).toBe(false);
  });
});

it('a recording is never written through a name that somebody made first', async () => {
  const file = join(state, 'rec.json');
  const victim = join(lab.folder, 'victim2');
  writeFileSync(victim, 'precious');
  symlinkSync(victim, file);
  await ask('diagnose', `netns:${lab.names.A}`, '--to', '198.51.100.1', '--json', '--record', file);
  expect(readFileSync(victim, 'utf8')).toBe('precious');
});
