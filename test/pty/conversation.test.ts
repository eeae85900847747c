/** The built program in a real terminal, about a real network. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { namespacePath } from '../lab/names.ts';
import { Tmux, type TmuxOptions } from './tmux.ts';

const program = path.resolve(import.meta.dirname, '../../bin/netdoctor');
const FIX = 'sysctl -w net.ipv4.ip_forward=1';

let lab: Lab;
let state: string;
let terminal: Tmux | undefined;

beforeAll(async () => {
  lab = await Lab.up();
});

afterAll(() => lab.down());

beforeEach(async () => {
  state = mkdtempSync(path.join(tmpdir(), 'netdoctor-pty-'));
  await lab.run('host', ['sysctl', '-qw', 'net.ipv4.ip_forward=0']);
});

afterEach(() => {
  terminal?.close();
  rmSync(state, { recursive: true });
});

const open = (options: TmuxOptions = {}): Tmux => {
  terminal = new Tmux(namespacePath(lab.names.host), {
    ...options,
    env: { NETDOCTOR_STATE: state, ...options.env },
  });
  return terminal;
};

const call = (rest = ''): string => `${program} netns:${lab.names.A} --to 198.51.100.1 ${rest}`.trim();

/** At the prompt, with nothing typed and nothing running. */
const ready = /^(netdoctor )?\S+ [▸>]\s*$/;

/** Starts a diagnosis and waits for its verdict. */
async function diagnosed(options: TmuxOptions = {}): Promise<Tmux> {
  const opened = open(options);
  await opened.until(/^\$/);
  opened.enter(call());
  await opened.until((rows) => rows.includes(FIX), 'the fix');
  await opened.until(ready);
  return opened;
}

test('diagnoses, and leaves the verdict in the scrollback', async () => {
  const opened = await diagnosed();
  opened.enter('quit');
  const rows = await opened.until((all) => all.filter((row) => row.startsWith('$ ')).length > 1, 'the shell');
  expect(rows).toContainEqual(expect.stringMatching(/✗ forwarding .*ip_forward = 0/));
  expect(rows.filter((row) => row.includes('vetha'))).toHaveLength(1);
  opened.enter('echo exit $?');
  await opened.until(/^exit 0$/);
  expect(opened.settings()).toMatch(/ icanon /);
  expect(opened.settings()).toMatch(/ echo /);
});

test('a fix is made, proved, and taken back', async () => {
  const opened = await diagnosed();
  opened.enter('fix 1');
  await opened.until(/^Make this change\?/);
  opened.enter('y');
  await opened.until(/It helped: fault before, healthy after/);
  opened.enter('undo');
  await opened.until(/^✓ Taken back/);
  const { stdout } = await lab.run('host', ['sysctl', '-n', 'net.ipv4.ip_forward']);
  expect(String(stdout).trim()).toBe('0');
});

test('remembers what was entered, for its owner alone', async () => {
  const first = await diagnosed();
  first.enter('hop 3');
  await first.until(/^host\/br0$/);
  first.press('C-d');
  await first.until((all) => /^\$ ?$/.test(all.findLast((row) => row !== '') ?? ''), 'the shell');
  expect(readFileSync(`${state}/history`, 'utf8')).toBe('hop 3\n');
  expect(statSync(`${state}/history`).mode & 0o777).toBe(0o600);
  first.enter('clear');
  first.enter(call());
  await first.until(ready);
  first.press('Up');
  await first.until(/▸ hop 3/);
});

test('completes with Tab', async () => {
  const opened = await diagnosed();
  opened.type('exp');
  opened.press('Tab');
  await opened.until(/▸ explain/);
  opened.type('ip-forw');
  opened.press('Tab', 'Enter');
  await opened.until(/^IP forwarding is off/);
});

test('Ctrl-C stops the run and keeps the prompt, twice leaves', async () => {
  const opened = open();
  await opened.until(/^\$/);
  // Nobody has this address: the answer is waited for.
  await lab.run('host', ['sysctl', '-qw', 'net.ipv4.ip_forward=1']);
  opened.enter(`${program} netns:${lab.names.A} --to 198.51.100.77 --wait 30 --timeout 60`);
  await opened.until(/Ctrl-C stop/);
  await opened.until(/3 sent/);
  opened.press('C-c');
  await opened.until(/Stopped\. Nothing was changed/);
  await opened.until(/Ctrl-C again leaves/);
  opened.press('C-c');
  await opened.until((all) => /^\$ ?$/.test(all.findLast((row) => row !== '') ?? ''), 'the shell');
});

test('follows the window when it gets narrower, lower, and larger', async () => {
  const opened = await diagnosed({ columns: 120, rows: 40 });
  for (const [columns, rows] of [
    [50, 40],
    [50, 10],
    [100, 30],
  ] as const) {
    opened.resize(columns, rows);
    await opened.until(
      (all) => all.filter((row) => ready.test(row)).length === 1,
      `one prompt at ${columns}×${rows}`,
    );
  }
  opened.enter('path');
  await opened.until(
    (all) => all.filter((row) => row.includes('forwarding  ')).length === 2,
    'the path again',
  );
});

test('SIGTERM gives the terminal back and ends with 143', async () => {
  const opened = await diagnosed();
  expect(opened.settings()).toMatch(/-icanon/);
  process.kill(opened.pidOf('node'), 'SIGTERM');
  await opened.until((all) => /^\$ ?$/.test(all.findLast((row) => row !== '') ?? ''), 'the shell');
  expect(opened.settings()).toMatch(/ icanon /);
  opened.enter('echo exit $?');
  await opened.until(/^exit 143$/);
});

test('Ctrl-Z and back', async () => {
  const opened = await diagnosed();
  opened.type('half a ');
  opened.press('C-z');
  await opened.until(/Stopped/);
  expect(opened.settings()).toMatch(/ icanon /);
  opened.enter('fg');
  await opened.until(/▸ half a/);
  expect(opened.settings()).toMatch(/-icanon/);
  opened.type('line');
  await opened.until(/▸ half a line/);
});

test('into a pipe goes text, and no sequence', async () => {
  const opened = open();
  await opened.until(/^\$/);
  opened.enter(`${call()} | cat -v; echo done`);
  await opened.until(/^done$/);
  const rows = opened.all();
  expect(rows).toContain(FIX);
  expect(rows.join('')).not.toContain('^[');
});

test('NO_COLOR is obeyed', async () => {
  const opened = await diagnosed({ env: { NO_COLOR: '1' } });
  expect(opened.all(true).join('\n')).not.toMatch(/\u001b\[(3[0-7]|9[0-7])m/);
});

test('a dumb terminal is talked to in lines', async () => {
  const opened = open({ env: { NETDOCTOR_STATE: state } });
  await opened.until(/^\$/);
  opened.enter(`TERM=dumb ${call()}`);
  await opened.until((rows) => rows.includes(FIX), 'the fix');
  opened.enter('hop 2');
  await opened.until(/^(netdoctor .*> )?host\/vetha$/);
  opened.enter('quit');
  await opened.until((all) => /^\$ ?$/.test(all.findLast((row) => row !== '') ?? ''), 'the shell');
});

test('40 columns and 10 rows', async () => {
  const opened = await diagnosed({ columns: 40, rows: 10 });
  const rows = opened.screen();
  expect(rows).toHaveLength(11);
  expect(opened.all()).toContain(FIX);
  opened.enter('hop 1');
  await opened.until(/seen +3 requests/);
});

test('setup lends the terminal to the wizard, and has it back', async () => {
  const opened = await diagnosed({ rows: 40 });
  opened.type('setup bridge-i');
  opened.press('Tab', 'Enter');
  await opened.until(/^Which containers are connected\?/);
  expect(opened.settings()).toMatch(/-icanon/);
  opened.enter('new:red');
  // One is too few.
  await opened.until(/^✗ /);
  opened.press('C-c');
  await opened.until(
    (rows) => ready.test(rows.findLast((row) => /[▸▹]/.test(row)) ?? ''),
    'the prompt again',
  );
  expect(opened.settings()).toMatch(/-icanon/);
  opened.enter('hop 3');
  await opened.until(/^host\/br0$/);
  opened.press('Up', 'Up');
  await opened.until(/▸ setup bridge-isolated *$/);
  opened.press('C-u', 'C-z');
  await opened.until(/Stopped/);
  opened.enter('fg');
  await opened.until((rows) => ready.test(rows.findLast((row) => row.includes('▸')) ?? ''), 'the prompt');
  opened.enter('quit');
  await opened.until((all) => /^\$ ?$/.test(all.findLast((row) => row !== '') ?? ''), 'the shell');
  expect(opened.settings()).toMatch(/ icanon /);
});

test('SIGTERM ends the wizard too, and gives the terminal back', async () => {
  const opened = await diagnosed();
  opened.enter('setup macvlan');
  await opened.until(/^Which /);
  process.kill(opened.pidOf('node'), 'SIGTERM');
  await opened.until((all) => /^\$ ?$/.test(all.findLast((row) => row !== '') ?? ''), 'the shell');
  expect(opened.settings()).toMatch(/ icanon /);
  opened.enter('echo exit $?');
  await opened.until(/^exit 143$/);
});

test('a bare call opens the picker', async () => {
  const opened = open();
  await opened.until(/^\$/);
  opened.enter(program);
  await opened.until(/netns +present/);
  opened.type(lab.names.B);
  await opened.until((all) => !all.some((row) => row.includes(lab.names.C)), 'the filter at work');
  opened.press('Escape');
  await opened.until(/^netdoctor ▸\s*$/);
});

test('leaves no process behind', () => {
  const left = execFileSync('ps', ['-e', '-o', 'args='], { encoding: 'utf8' })
    .split('\n')
    .filter((row) => row.includes('bin/netdoctor') && row.includes(`netns:${lab.names.A}`));
  expect(left).toEqual([]);
});
