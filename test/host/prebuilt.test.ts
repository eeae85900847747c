/** A release brings native files along, and takes no others; a checkout brings none. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cLibrary, loadBrought, nativeFolder } from '../../src/host/prebuilt.ts';

const ROOT = join(import.meta.dirname, '../..');
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'netdoctor-prebuilt-'));
  await build({
    absWorkingDir: ROOT,
    entryPoints: { loader: 'src/host/prebuilt.ts' },
    outdir: join(folder, 'dist'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    outExtension: { '.js': '.mjs' },
  });
  writeFileSync(join(folder, 'package.json'), '{"version":"1.2.3"}');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What the loader of that folder says of a part. */
const loaded = async (name: string): Promise<string> => {
  const code = `import { loadBrought } from ${JSON.stringify(join(folder, 'dist/loader.mjs'))};
    try { console.log(loadBrought(${JSON.stringify(name)}, (file) => file)); } catch (error) { console.log(error.message); }`;
  return (await execa(process.execPath, ['--input-type=module', '-e', code])).stdout;
};

it('a checkout loads what npm installed', () => {
  expect(loadBrought('koffi.node', () => 'brought')).toBe(null);
});

it('names a folder by machine and C library', () => {
  expect(nativeFolder('arm64', 'musl')).toBe('native/linux-arm64-musl');
  expect(nativeFolder()).toBe(`native/linux-${process.arch}-${cLibrary()}`);
});

describe('a folder without sources', () => {
  it('brings nothing along where it has no native folder', async () => {
    expect(await loaded('koffi.node')).toBe('null');
  });

  it('loads what lies in the folder of this machine, and names what it does not bring', async () => {
    mkdirSync(join(folder, nativeFolder()), { recursive: true });
    const file = join(folder, nativeFolder(), 'koffi.node');
    writeFileSync(file, '');
    expect(await loaded('koffi.node')).toBe(file);
    expect(await loaded('cap-999.node')).toBe(
      `no cap-999.node for linux-${process.arch} with ${cLibrary()} came with this netdoctor`,
    );
  });
});
