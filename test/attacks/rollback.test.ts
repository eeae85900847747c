/** Whoever asked for a rollback relies on it: a timer that was killed must not leave its change standing in silence. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { diagnose, netdoctor, TO } from './attacked.ts';

let lab: Lab;
beforeEach(async () => {
  lab = await Lab.up();
  await lab.run('host', ['sysctl', '-qw', 'net.ipv4.ip_forward=0']);
  expect((await diagnose(lab, '--fix', '--yes', '--rollback-after', '300')).exitCode).toBe(0);
  for (const pid of timers()) process.kill(pid, 'SIGKILL');
  // Its time is over: the clock of a test does not wait for it.
  const file = join(lab.folder, 'state/journal/000001.json');
  const entry = JSON.parse(readFileSync(file, 'utf8'));
  entry.rollback.at = '2026-01-01T00:00:00.000Z';
  writeFileSync(file, JSON.stringify(entry, null, 1));
});
afterEach(() => lab?.down());

/** Rollback timers of this lab, by the environment that they inherit. */
const timers = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const [line, words] = ['cmdline', 'environ'].map((file) =>
          readFileSync(`/proc/${pid}/${file}`, 'latin1'),
        );
        return line!.includes('rollback-timer') && words!.includes(`LAB=${lab.folder}`);
      } catch {
        return false;
      }
    });

const forwarding = async (): Promise<string> =>
  String((await lab.run('host', ['sysctl', '-n', 'net.ipv4.ip_forward'])).stdout);

it('is said by log and by whoever only looks, and left alone', async () => {
  expect((await netdoctor(lab, ['log'])).stdout).toContain('overdue since 2026-01-01');
  expect((await netdoctor(lab, ['containers'])).stderr).toContain('netdoctor undo 1');
  expect((await diagnose(lab, '--read-only')).stderr).toContain('netdoctor undo 1');
  expect(await forwarding()).toBe('1');
});

it('is taken back by the next diagnosis, before it asks', async () => {
  const next = await netdoctor(lab, ['diagnose', `netns:${lab.names.A}`, '--to', TO, '--json']);
  expect(next.stderr).toContain('it has been taken back now');
  expect(JSON.parse(next.stdout)).toMatchObject({ cause: 'ip-forward-off' });
  expect(await forwarding()).toBe('0');
  expect((await diagnose(lab)).stderr).toBe('');
});
