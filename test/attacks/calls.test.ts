/** Odd calls, and where programs are looked for. */
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { program } from '../lab/lab-network.ts';
import { netdoctor } from './attacked.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.up();
});
afterAll(() => lab.down());

it.each([
  ['empty', ''],
  ['with an empty part', ':/usr/bin'],
  ['with a relative part', 'bin:.'],
  ['with a folder of a user', 'OPEN'],
])('a PATH %s: no program of the folder netdoctor is started in is run', async (_, path) => {
  const cwd = join(lab.folder, `cwd${Math.abs(path.length)}`);
  const open = join(cwd, 'open');
  for (const folder of [cwd, join(cwd, 'bin'), open]) {
    mkdirSync(folder, { recursive: true });
    for (const tool of ['ip', 'nsenter', 'nft']) {
      writeFileSync(join(folder, tool), `#!/bin/sh\ntouch ${lab.folder}/PWNED\n`);
      chmodSync(join(folder, tool), 0o755);
    }
  }
  chmodSync(open, 0o777);
  const { stdout } = await lab.run(
    'host',
    [
      ...['env', '-i', `PATH=${path === 'OPEN' ? open : path}`, `NETDOCTOR_STATE=${lab.folder}/state`],
      ...[process.execPath, program, 'diagnose', `netns:${lab.names.A}`, '--to', '198.51.100.1', '--json'],
    ],
    { cwd, reject: false, stdin: 'ignore' },
  );
  expect(JSON.parse(String(stdout))).toMatchObject({ status: 'healthy' });
  expect(existsSync(join(lab.folder, 'PWNED'))).toBe(false);
});

it.each([
  [['completion', 'constructor'], 'not known'],
  [['completion', '__proto__'], 'not known'],
  [['diagnose', 'netns:A', '--to', `${'a'.repeat(64)}.example`], 'neither address nor name'],
  [['diagnose', 'netns:A', '--to', '198.51.100.1', '--redact', '--verbose'], 'cannot be'],
])('%j is a wrong call, and says so', async (words, why) => {
  const said = await netdoctor(lab, words);
  expect(said.exitCode).toBe(2);
  expect(said.stderr.replace(/\s+/g, ' ')).toContain(why);
  expect(said.stderr).not.toContain('itself failed');
});

it('an address with a zone is asked without it in a filter', async () => {
  const said = await netdoctor(lab, [
    'diagnose',
    `netns:${lab.names.A}`,
    '--to',
    '[fe80::1%eth0]:80',
    '--plain',
  ]);
  expect(`${said.stdout}${said.stderr}`).not.toMatch(/itself failed|filter expression/);
  expect([1, 3]).toContain(said.exitCode);
});
