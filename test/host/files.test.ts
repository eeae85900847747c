import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeFolder, writeText } from '../../src/host/files.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nd-files-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a synced write makes the folders it needs, for its owner alone, and leaves nothing beside the file', () => {
  const file = join(folder, 'a/b/c.json');
  expect(writeText(file, 'one', { sync: true })).toMatchObject({ known: true });
  expect(writeText(file, 'two', { sync: true, mode: 0o600 })).toMatchObject({ known: true });
  expect(readFileSync(file, 'utf8')).toBe('two');
  expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o700);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(folder, 'a/b'))).toEqual(['c.json']);
});

test('below a file there is no folder: that is said, and nothing is made', () => {
  writeFileSync(join(folder, 'file'), '');
  const refused = writeText(join(folder, 'file/a/b'), '', { sync: true });
  expect(refused).toMatchObject({ known: false, detail: expect.stringContaining('ENOTDIR') });
  expect(makeFolder(join(folder, 'file/a'))).toMatchObject({ known: false });
});

test('a folder that is there already is fine', () => {
  expect(makeFolder(join(folder, 'x/y'))).toMatchObject({ known: true });
  expect(makeFolder(join(folder, 'x/y'))).toMatchObject({ known: true });
  expect(existsSync(join(folder, 'x/y'))).toBe(true);
});

test('below /proc, where mkdir says that nothing is there, it comes back and says so', async () => {
  // In a process of its own: a call that never comes back cannot be timed out here.
  const outfile = join(folder, 'write.mjs');
  const source = join(import.meta.dirname, '../../src/host/files.ts');
  const contents = `import { makeFolder, writeText } from ${JSON.stringify(source)};
    console.log(JSON.stringify([writeText('/proc/none/of/this', 'x', { sync: true }), makeFolder('/proc/none/of')]));`;
  await build({
    stdin: { contents, resolveDir: import.meta.dirname, loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'silent',
  });
  const { stdout, status } = spawnSync(process.execPath, [outfile], { timeout: 10_000, encoding: 'utf8' });
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject([
    { known: false, detail: expect.stringContaining('ENOENT') },
    { known: false, detail: expect.stringContaining('ENOENT') },
  ]);
});
