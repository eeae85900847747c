import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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

describe('a text that a person saves', () => {
  const save = (text: string, name = 'report.md') => writeText(join(folder, name), text, { whole: true });

  test('leaves nothing of an older, longer one, and keeps who may read it', () => {
    const file = join(folder, 'report.md');
    writeFileSync(file, 'OLD '.repeat(20_000), { mode: 0o640 });
    expect(save('new\n')).toMatchObject({ known: true });
    expect(readFileSync(file, 'utf8')).toBe('new\n');
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder)).toEqual(['report.md']);
  });

  test('is for its owner alone when it is new', () => {
    save('new\n');
    expect(statSync(join(folder, 'report.md')).mode & 0o777).toBe(0o600);
  });

  test('takes the place of a link, and is not led by it', () => {
    writeFileSync(join(folder, 'victim'), 'mine');
    symlinkSync(join(folder, 'victim'), join(folder, 'report.md'));
    save('new\n');
    expect(readFileSync(join(folder, 'victim'), 'utf8')).toBe('mine');
    expect(readFileSync(join(folder, 'report.md'), 'utf8')).toBe('new\n');
  });

  test('takes the place of no folder, FIFO or device', () => {
    mkdirSync(join(folder, 'report.md'));
    expect(save('new\n')).toMatchObject({ known: false, detail: `${folder}/report.md: not a regular file` });
    expect(writeText('/dev/null', 'x', { whole: true })).toMatchObject({ known: false });
  });

  test('needs a folder that is there', () => {
    expect(save('new\n', 'none/report.md')).toMatchObject({ known: false });
  });
});
