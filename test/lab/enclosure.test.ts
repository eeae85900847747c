/** An enclosure is a machine of its own as far as its programs can tell, and leaves nothing on this one. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { enclosed } from '../engines/enclosure.ts';
import { built } from '../kernels/built.ts';

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'netdoctor-test-'));
});
afterEach(() => rmSync(out, { recursive: true }));

const left = (name: string): string => readFileSync(join(out, name), 'utf8').trim();
const scratches = (): string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith('netdoctor-engine-'));

/** This machine's own root serves as the tree. */
const run = (script: string, minutes = 1) => enclosed({ tree: '/' }, script, out, minutes);

test('what runs in it has processes, links and files of its own', async () => {
  await run(`
    echo $$ >$OUT/pid; ls -d /proc/[0-9]* | wc -l >$OUT/processes; ip -br link | wc -l >$OUT/links
    touch /etc/made-inside; touch package.json 2>&1; ip netns add inside; ls /run/netns
    exit 7
  `);
  expect(left('rc')).toBe('7');
  expect(left('log')).toContain('Read-only file system');
  expect(left('log')).toMatch(/^inside$/m);
  expect(Number(left('processes'))).toBeLessThan(10);
  expect(left('links')).toBe('1');
  // No other enclosure has processes of that number, nor has the machine: control groups are named by it.
  expect(Number(left('pid'))).toBeGreaterThan(process.pid);
  expect(existsSync('/etc/made-inside')).toBe(false);
  expect(existsSync('/run/netns/inside')).toBe(false);
});

const running = async (): Promise<string> =>
  (await execa('pgrep', ['--full', 'sleep 31415[9]'], { reject: false })).stdout;

test('a signal to who asks ends what runs in it too, and nothing of it is left', async () => {
  const before = scratches();
  const source = join(out, 'asks.ts');
  const enclosure = join(import.meta.dirname, '../engines/enclosure.ts');
  writeFileSync(
    source,
    `import { enclosed } from '${enclosure}';
     await enclosed({ tree: '/' }, 'touch $OUT/up; sleep 314159', '${out}', 1);`,
  );
  const asks = execa(process.execPath, [await built(source)], { reject: false, stdin: 'ignore' });
  await expect.poll(() => existsSync(join(out, 'up')), { timeout: 20_000 }).toBe(true);
  expect(await running()).not.toBe('');
  asks.kill('SIGTERM');
  expect(await asks).toMatchObject({ exitCode: 143 });
  expect(scratches()).toEqual(before);
  expect(await running()).toBe('');
});

test('one that is ended after its time has no exit code, nor that of an earlier one', async () => {
  await run('true');
  expect(left('rc')).toBe('0');
  await run('echo begun; sleep 314159', 1 / 60);
  expect(left('log')).toBe('begun');
  expect(existsSync(join(out, 'rc'))).toBe(false);
});

test('what it has started ends with it, and its mounts are gone', async () => {
  const before = scratches();
  await run('sleep 314159 & echo started');
  expect(left('log')).toBe('started');
  expect(await running()).toBe('');
  expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain('netdoctor-engine-');
  expect(scratches()).toEqual(before);
});
