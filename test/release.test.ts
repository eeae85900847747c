/** What a release is made of, without what takes long: the whole is tried by npm run release:check. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
let native: string;
let folder: string;
let listed: string[];

beforeAll(async () => {
  native = mkdtempSync(join(tmpdir(), 'netdoctor-native-'));
  folder = mkdtempSync(join(tmpdir(), 'netdoctor-program-'));
  mkdirSync(join(native, 'linux-x64-glibc'));
  writeFileSync(join(native, 'linux-x64-glibc/koffi.node'), 'no code');
  const code = `const { assemble } = await import('./bin/release/program.mjs');
    await assemble(${JSON.stringify(native)}, ['terms of libpcap'], ${JSON.stringify(folder)});`;
  await execa(process.execPath, ['--input-type=module', '-e', code], { cwd: ROOT });
  const { stdout } = await execa('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: folder });
  listed = (JSON.parse(stdout) as [{ files: { path: string }[] }])[0].files.map(({ path }) => path);
}, 120_000);
afterAll(() => {
  for (const one of [native, folder]) rmSync(one, { recursive: true });
});

describe('the npm package', () => {
  it('has everything, and nothing that only its makers need', () => {
    expect(listed).toEqual(
      expect.arrayContaining([
        ...[
          'bin/netdoctor',
          'bin/package.json',
          'dist/main.cjs',
          'dist/capture-child.cjs',
          'dist/late-execa.script',
          'recipes/bridge-nat.yaml',
        ],
        ...['man/netdoctor.8', 'completions/_netdoctor', 'LICENSE', 'NOTICE', 'CHANGELOG.md'],
        'native/linux-x64-glibc/koffi.node',
      ]),
    );
    expect(listed.filter((name) => /^(src|test|docs|node_modules)\/|\.map$|\.ts$/.test(name))).toEqual([]);
  });

  it('fetches nothing and runs nothing when it is installed', () => {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    expect(Object.keys(manifest).filter((key) => /dependencies|scripts|gyp/i.test(key))).toEqual([]);
    expect(manifest).toMatchObject({ name: 'netdoctor', man: ['man/netdoctor.8'], os: ['linux'] });
  });

  it('has one version', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    const { stdout } = await execa(join(folder, 'bin/netdoctor'), ['--version']);
    expect(stdout).toBe(`netdoctor ${version}`);
    expect(readFileSync(join(folder, 'man/netdoctor.8'), 'utf8')).toContain(`netdoctor ${version}`);
    expect(readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8')).toContain(`\n## ${version}\n`);
  });

  it('has with it what V8 makes of its scripts, which that takes where it is its own', async () => {
    const calls = ['replay', join(ROOT, 'bin/compile/dropped.pcapng'), '--json'];
    const says = `const all = [];
      globalThis[Symbol.for('netdoctor.scripts')] = (name, script) => all.push(script.cachedDataRejected);
      process.on('exit', () => process.stderr.write(JSON.stringify([...new Set(all)])));`;
    const told = (...flags: string[]) =>
      execa(
        process.execPath,
        [
          ...flags,
          `--import=data:text/javascript,${encodeURIComponent(says)}`,
          join(folder, 'bin/netdoctor'),
          ...calls,
        ],
        { reject: false },
      );
    const [taken, ignored] = await Promise.all([told(), told('--max-lazy')]);
    expect(taken).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('"cause": "ip-forward-off"'),
    });
    expect(taken.stderr).toMatch(/\[false\]$/);
    // Another V8, or one with other flags, does its own work.
    expect(ignored).toMatchObject({ exitCode: 1, stdout: taken.stdout });
    expect(ignored.stderr).toMatch(/\[true\]$/);
  });

  it('is made of the same bytes again', async () => {
    const [kept] = readdirSync(join(folder, 'dist')).filter((name) => name.startsWith('v8-'));
    const again = mkdtempSync(join(tmpdir(), 'netdoctor-again-'));
    try {
      cpSync(join(folder, 'package.json'), join(again, 'package.json'));
      cpSync(join(folder, 'dist'), join(again, 'dist'), {
        recursive: true,
        filter: (name) => !name.includes('/v8-'),
      });
      const code = `const { compileScripts } = await import('./bin/compile.mjs');
        compileScripts(${JSON.stringify(join(again, 'dist'))});`;
      await execa(process.execPath, ['--input-type=module', '-e', code], { cwd: ROOT });
      const { stdout } = await execa('diff', [
        '-rq',
        join(folder, 'dist', kept!),
        join(again, 'dist', kept!),
      ]);
      expect(stdout).toBe('');
    } finally {
      rmSync(again, { recursive: true });
    }
  });

  it('says whose work is in it, with the terms', () => {
    const notice = readFileSync(join(folder, 'NOTICE'), 'utf8');
    for (const name of ['ink', 'react', 'yoga-layout', 'zod', 'yaml', 'commander', 'execa', 'cap', 'koffi'])
      expect(notice).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(`, 'm'));
    expect(notice).toContain('terms of libpcap');
    expect(notice).not.toContain('undefined');
  });

  it('names no path of the machine it was made on', async () => {
    const { stdout } = await execa('grep', ['-rlF', ROOT, folder], { reject: false });
    expect(stdout).toBe('');
  });

  it('without a native file that fits it says what is missing, and for which machine', async () => {
    const { stdout } = await execa(join(folder, 'bin/netdoctor'), ['--version', '--json']);
    const { native, abilities } = JSON.parse(stdout) as {
      native: { name: string; because: string | null }[];
      abilities: { name: string; able: boolean; get: string | null }[];
    };
    expect(native.find(({ name }) => name === 'koffi')?.because).toContain('file too short');
    expect(abilities.find(({ name }) => name === 'namespaces')).toMatchObject({
      able: false,
      get: expect.stringContaining('Install the netdoctor that is made for this machine'),
    });
    expect(native.find(({ name }) => name === 'cap')?.because).toMatch(
      /^no cap-\d+\.node for linux-\w+ with \w+ came/,
    );
  });
});
