/** The repair as people and scripts call it, on a lab host: what is refused, what survives, what two do at once. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Lab } from '../lab.ts';
import { program } from '../lab-network.ts';
import { listingOf } from '../listing.ts';
import { Patient } from '../repair-scenario.ts';
import { readScenarios } from '../scenario-file.ts';

const scenario = readScenarios().find(({ file }) => file === 's01-ip-forward-off')!;

let lab: Lab;
let patient: Patient;
beforeEach(async () => {
  lab = await Lab.up();
  for (const step of scenario.inject) await lab.step({ in: 'host', sh: step.sh });
  patient = new Patient({ lab, targetOf: () => `netns:${lab.names.A}` }, scenario);
});
afterEach(() => lab?.down());

const forwarding = async (): Promise<string> =>
  (await lab.run('host', ['sysctl', '-n', 'net.ipv4.ip_forward'])).stdout?.toString().trim() ?? '';

const entries = async (): Promise<{ id: string; status: string; rollback: { kept: boolean } | null }[]> =>
  JSON.parse((await patient.netdoctor('log', '--json')).stdout).entries;

describe('netdoctor', { timeout: 120_000 }, () => {
  it('shows on a dry run what it would do, and does nothing', async () => {
    const before = await listingOf(lab, ['host', 'A']);
    const target = `netns:${lab.names.A}`;
    const run = await patient.netdoctor(target, ...scenario.args, '--fix', '--dry-run', '--persist');
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/^sysctl -w net\.ipv4\.ip_forward=1$/m);
    expect(run.stdout).toMatch(/^\+net\.ipv4\.ip_forward = 1$/m);
    expect(await listingOf(lab, ['host', 'A'])).toEqual(before);
    expect(await entries()).toEqual([]);
  });

  it('tells what it has done, takes it back, and does so once', async () => {
    const mended = await patient.ask('--fix', '--yes');
    expect(mended).toMatchObject({
      code: 0,
      cause: 'ip-forward-off',
      repairs: [{ fix: '1', journal: '1', before: 'fault', after: 'healthy', kept: true }],
    });
    expect(await forwarding()).toBe('1');
    expect((await patient.netdoctor('log')).stdout).toMatch(
      /^1 .* verified .*\n {5}sysctl -w net\.ipv4\.ip_forward=1$/m,
    );
    expect(await patient.netdoctor('undo', '1')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Taken back'),
    });
    expect(await forwarding()).toBe('0');
    expect(await patient.netdoctor('undo', '1')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Nothing'),
    });
    expect(await patient.netdoctor('undo', '--all')).toMatchObject({ code: 0 });
  });

  it('changes nothing where somebody else has changed the same thing since', async () => {
    await patient.ask('--fix', '--yes');
    await lab.step({ in: 'host', sh: 'sysctl -qw net.ipv4.conf.br0.forwarding=0' });
    const before = await listingOf(lab, ['host']);
    const run = await patient.netdoctor('undo');
    expect(run.code).toBe(1);
    expect(run.stdout).toContain('net.ipv4.conf.br0.forwarding is 0, and netdoctor left 1');
    expect(await listingOf(lab, ['host'])).toEqual(before);
    expect((await patient.netdoctor('undo', '--force')).code).toBe(0);
    expect(await forwarding()).toBe('0');
  });

  it.each([
    ['a full disk', 'mount -t tmpfs -o size=4k,nr_inodes=1 none'],
    ['a read-only file system', 'mount -t tmpfs -o ro none'],
  ])('refuses on %s before anything is changed', async (_, mount) => {
    const before = await listingOf(lab, ['host', 'A']);
    const call = [
      program,
      'diagnose',
      `netns:${lab.names.A}`,
      '--json',
      ...scenario.args,
      '--fix',
      '--yes',
    ].join(' ');
    const inside = `mkdir -p ${lab.folder}/state && ${mount} ${lab.folder}/state && NETDOCTOR_STATE=${lab.folder}/state ${call}`;
    const run = await lab.run('host', ['unshare', '--mount', 'bash', '--norc', '-c', inside], {
      reject: false,
      stdin: 'ignore',
    });
    expect(run.exitCode).toBe(3);
    expect(JSON.parse(String(run.stdout))).toMatchObject({
      schema: 'netdoctor/error/1',
      code: 'journal-unwritable',
    });
    expect(await listingOf(lab, ['host', 'A'])).toEqual(before);
  });

  it('keeps it across a restart in a file that others have written too, and takes it back byte by byte', async () => {
    const before = await listingOf(lab, ['host', 'A']);
    const kept = `${lab.folder}/90-netdoctor.conf`;
    // Mode, tabs and the missing last line feed are part of it.
    writeFileSync(kept, '# somebody else\nvm.swappiness\t=  7\n\n# the end', { mode: 0o640 });
    const told = readFileSync(kept);
    const state = `NETDOCTOR_STATE=${lab.folder}/state`;
    const call = [program, 'diagnose', `netns:${lab.names.A}`, '--json', ...scenario.args];
    const inside = [
      // The machine's own sysctl.d is not this test's.
      'mount -t tmpfs none /etc/sysctl.d',
      'cd /etc/sysctl.d',
      `cp -p ${kept} .`,
      `${state} ${call.join(' ')} --fix --yes --persist >${lab.folder}/said`,
      `cp -p 90-netdoctor.conf ${lab.folder}/mended`,
      `${state} ${program} undo --all`,
      `cp -p 90-netdoctor.conf ${lab.folder}/undone`,
    ].join(' && ');
    const run = await lab.run('host', ['unshare', '--mount', 'bash', '--norc', '-c', inside], {
      reject: false,
      stdin: 'ignore',
    });
    expect(run.exitCode, String(run.stderr)).toBe(0);
    expect(readFileSync(`${lab.folder}/mended`, 'utf8')).toBe(`${told}\nnet.ipv4.ip_forward = 1\n`);
    expect(readFileSync(`${lab.folder}/undone`)).toEqual(told);
    expect(statSync(`${lab.folder}/undone`).mode & 0o777).toBe(0o640);
    expect(await listingOf(lab, ['host', 'A'])).toEqual(before);
  });

  it('mends once when two are asked at the same time', async () => {
    const before = await listingOf(lab, ['host', 'A']);
    const both = await Promise.all([patient.ask('--fix', '--yes'), patient.ask('--fix', '--yes')]);
    expect(both.some(({ code }) => code === 0)).toBe(true);
    expect(await forwarding()).toBe('1');
    const ids = (await entries()).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect((await patient.netdoctor('undo', '--all')).code).toBe(0);
    expect(await listingOf(lab, ['host', 'A'])).toEqual(before);
  });

  it('still knows what stands when it was killed in the middle', async () => {
    const before = await listingOf(lab, ['host', 'A']);
    const argv = ['env', `NETDOCTOR_STATE=${lab.folder}/state`, process.execPath, program, 'diagnose'];
    const args = [`netns:${lab.names.A}`, ...scenario.args, '--fix', '--yes', '--plain'];
    const run = lab.run('host', [...argv, ...args], { reject: false, stdio: 'ignore' });
    const file = `${lab.folder}/state/journal/000001.json`;
    await expect.poll(() => existsSync(file), { timeout: 20_000, interval: 5 }).toBe(true);
    run.kill('SIGKILL');
    await run;
    expect(['pending', 'applied']).toContain(JSON.parse(readFileSync(file, 'utf8')).status);
    expect((await patient.netdoctor('undo', '--all')).code).toBe(0);
    expect(await listingOf(lab, ['host', 'A'])).toEqual(before);
  });

  it('rolls back by itself when nobody keeps the change', async () => {
    await patient.ask('--fix', '--yes', '--rollback-after', '3');
    expect(await forwarding()).toBe('1');
    await expect.poll(forwarding, { timeout: 20_000, interval: 300 }).toBe('0');
    await expect.poll(async () => (await entries())[0]?.status, { timeout: 10_000 }).toBe('undone');
  });

  it('keeps what was confirmed', async () => {
    await patient.ask('--fix', '--yes', '--rollback-after', '4');
    expect(await patient.netdoctor('keep')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Kept'),
    });
    await sleep(6000);
    expect(await forwarding()).toBe('1');
    expect(await entries()).toMatchObject([{ status: 'verified', rollback: { kept: true } }]);
  });

  it('takes back what it has made when it is interrupted', async () => {
    // Behind forwarding waits a fault without an end to the waiting: there is time to interrupt.
    await lab.step({ in: 'host', sh: 'iptables -I FORWARD -i br0 -j DROP' });
    const argv = ['env', `NETDOCTOR_STATE=${lab.folder}/state`, process.execPath, program, 'diagnose'];
    const args = [`netns:${lab.names.A}`, ...scenario.args, '--fix', '--yes', '--json', '--count', '20'];
    const run = lab.run('host', [...argv, ...args], { reject: false, stdin: 'ignore' });
    const file = `${lab.folder}/state/journal/000001.json`;
    await expect
      .poll(() => existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).status, {
        timeout: 20_000,
        interval: 5,
      })
      .toBe('applied');
    run.kill('SIGTERM');
    expect((await run).exitCode).toBe(143);
    expect(await forwarding()).toBe('0');
    expect(await entries()).toMatchObject([{ status: 'undone' }]);
  });
});
