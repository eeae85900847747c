import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { build, type Plugin } from 'esbuild';
import { execa } from 'execa';
import { expect, it } from 'vitest';

/** Plain JavaScript without declarations. */
const { alreadyLoaded } = (await import(`${import.meta.dirname}/../bin/already-loaded.mjs`)) as {
  alreadyLoaded(bundle: object, root: string, processes: readonly string[]): Map<string, string[]>;
};

const later = (path: string) => ({ path, kind: 'dynamic-import' });
const at = (path: string) => ({ path, kind: 'import-statement' });

const bundle = {
  inputs: {
    'src/main.ts': { imports: [at('src/words.ts'), at('src/commands.ts')] },
    'src/commands.ts': { imports: [later('src/ask.ts'), later('src/show.ts')] },
    'src/words.ts': { imports: [at('node_modules/width/index.js')] },
    'src/ask.ts': { imports: [at('src/host.ts'), at('src/words.ts'), later('src/judge.ts')] },
    'src/show.ts': { imports: [at('src/host.ts'), later('src/judge.ts')] },
    'src/judge.ts': { imports: [at('src/causes.ts')] },
    'src/host.ts': { imports: [] },
    'src/causes.ts': { imports: [later('src/rare.ts')] },
    'src/rare.ts': { imports: [] },
    'src/child.ts': { imports: [at('src/causes.ts')] },
    'node_modules/width/index.js': { imports: [] },
  },
};

it('what every importer of a part has loaded stands loaded before it', () => {
  const before = alreadyLoaded(bundle, '/x', ['src/main.ts']);
  expect(before.get('/x/src/ask.ts')).toEqual(['/x/src/words.ts', '/x/src/commands.ts']);
  expect(before.get('/x/src/judge.ts')?.toSorted()).toEqual([
    '/x/src/commands.ts',
    '/x/src/host.ts',
    '/x/src/words.ts',
  ]);
});

it('a part that another process imports too finds only what both have', () => {
  const before = alreadyLoaded(bundle, '/x', ['src/main.ts', 'src/child.ts']);
  expect(before.get('/x/src/rare.ts')).toEqual(['/x/src/causes.ts']);
});

it('small scripts lie with the parts that they come with, unless all who load those have loaded them', async () => {
  const { together } = (await import(`${import.meta.dirname}/../bin/together.mjs`)) as {
    together(outputs: object, process: string): Map<string, string[]>;
  };
  const [small, large] = [1000, 100_000];
  const outputs = {
    'd/main': { bytes: small, imports: [at('d/words'), later('d/ask'), later('d/show')] },
    'd/words': { bytes: small, imports: [at('d/text')] },
    'd/text': { bytes: small, imports: [] },
    'd/ask': { bytes: large, imports: [at('d/words'), at('d/host'), at('d/causes'), later('d/judge')] },
    'd/show': { bytes: small, imports: [at('d/host')] },
    'd/judge': { bytes: small, imports: [at('d/host'), at('d/causes'), at('d/rules')] },
    'd/host': { bytes: small, imports: [at('d/text')] },
    'd/causes': { bytes: large, imports: [at('d/rules')] },
    'd/rules': { bytes: small, imports: [] },
  };
  expect(Object.fromEntries(together(outputs, 'd/main'))).toEqual({
    'd/main': ['d/words', 'd/text', 'd/main'],
    'd/ask': ['d/host', 'd/rules', 'd/ask'],
    'd/show': ['d/host', 'd/show'],
    'd/judge': ['d/judge'],
    'd/causes': ['d/causes'],
  });
});

it('scripts in one file keep their names, and every line its place in the sources', async () => {
  const { asScript, asFile } = (await import(`${import.meta.dirname}/../bin/scripts.mjs`)) as {
    asScript(text: string, maps: boolean): Promise<{ code: string; map: string }>;
    asFile(names: readonly string[], parts: readonly { code: string }[]): { code: string; map: string };
  };
  // A template keeps its line in what is made of it.
  const texts = [
    'export const one = () => `\n` + new Error();',
    'let two;\n\nexport const make = () => `\n` + two();',
  ];
  const parts = await Promise.all(texts.map((text) => asScript(text, true)));
  const { code, map } = asFile(['one.script', 'two.script'], parts);
  const functions = new Script(code).runInThisContext() as Record<string, unknown>;
  expect(Object.entries(functions).map(([name, own]) => [name, typeof own])).toEqual([
    ['one.script', 'function'],
    ['two.script', 'function'],
  ]);
  const placeOf = (text: string) => {
    const line = code.split('\n').findIndex((one) => one.includes(text));
    const column = code.split('\n')[line]!.indexOf(text);
    const { originalLine } = new SourceMap(JSON.parse(map)).findEntry(line, column) as {
      originalLine: number;
    };
    return originalLine;
  };
  expect([placeOf('new Error'), placeOf('two()')]).toEqual([1, 3]);
});

it('a module as a script gives what it exports, what stands late and what is loaded later', async () => {
  const { asScript } = (await import(`${import.meta.dirname}/../bin/scripts.mjs`)) as {
    asScript(text: string): Promise<{ code: string }>;
  };
  const { code } = await asScript(`
    import { readFileSync as read } from 'node:fs';
    var late; export const set = () => { late = 'late'; };
    export const later = async () => (await import('./other.script')).name;
    export const where = () => [$url, typeof read, this === undefined];
    export { late, set as default };`);
  const { part } = settledPart();
  const module = { exports: {} as Record<string, unknown> };
  const need = (name: string) => (name === './other.script' ? { name: 'other' } : { readFileSync() {} });
  new Script(code).runInThisContext()(need, module, module.exports, 'file:///x', part);
  const { set, later, where } = module.exports as Record<string, () => unknown>;
  expect(Object.keys(module.exports).toSorted()).toEqual(['default', 'late', 'later', 'set', 'where']);
  expect(Object.getOwnPropertyDescriptor(module.exports, 'set')).toMatchObject({ value: set });
  expect([module.exports.late, module.exports.default, module.exports.__esModule]).toEqual([
    undefined,
    set,
    true,
  ]);
  set!();
  expect(module.exports.late).toBe('late');
  expect(await later!()).toBe('other');
  expect(where!()).toEqual(['file:///x', 'function', true]);
});

/** What a started part hands its scripts, out of its own text: it starts one as soon as it is loaded. */
function settledPart(): { part: unknown } {
  const text = readFileSync(`${import.meta.dirname}/../bin/part.cjs`, 'utf8');
  const own = /^function settled\(.*?^}$/ms.exec(text)?.[0];
  return { part: new Script(`(${own})`).runInThisContext() };
}

it('a package that takes long to stand ready is run when it is first asked, and by its own way then', async () => {
  const { latePackages } = (await import(`${import.meta.dirname}/../bin/late-packages.mjs`)) as {
    latePackages(root: string): Plugin;
  };
  const root = join(import.meta.dirname, '..');
  const folder = mkdtempSync(join(tmpdir(), 'netdoctor-late-'));
  try {
    const outfile = join(folder, 'late.mjs');
    const source = `
      import width from 'string-width';
      const made = [];
      const Own = Intl.Segmenter;
      Intl.Segmenter = class extends Own { constructor(...all) { super(...all); made.push(all); } };
      export const count = () => made.length;
      export { width };`;
    await build({
      stdin: { contents: source, resolveDir: root, sourcefile: 'src/late.js' },
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      plugins: [latePackages(root)],
    });
    const { count, width } = (await import(outfile)) as { count(): number; width(text: string): number };
    expect(count()).toBe(0);
    expect(width('漢字 é')).toBe(6);
    expect(count()).toBe(1);
    expect(width('👨‍👩‍👧')).toBe(2);
    expect(count()).toBe(1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** Sources of this project as the build takes them, written nowhere. */
const bundled = (entryPoints: string[], plugin: Plugin, splitting = false) =>
  build({
    absWorkingDir: join(import.meta.dirname, '..'),
    entryPoints,
    bundle: true,
    splitting,
    write: false,
    metafile: true,
    outdir: 'none',
    format: 'esm',
    platform: 'node',
    packages: 'external',
    plugins: [plugin],
  });

it('what is asked by sockets is loaded when the first of it is called, and is one part', async () => {
  const root = join(import.meta.dirname, '..');
  const { lateParts } = (await import(`${root}/bin/late-parts.mjs`)) as { lateParts(root: string): Plugin };
  const { asScript } = (await import(`${root}/bin/scripts.mjs`)) as {
    asScript(text: string): Promise<{ code: string }>;
  };
  const { outputFiles, metafile } = await bundled(['src/host/local.ts'], lateParts(root), true);
  const [whole] = Object.entries(metafile.outputs).filter(([, { inputs }]) => inputs['src/host/local.ts']);
  const inputs = Object.keys(whole![1].inputs);
  expect(inputs.filter((file) => /^src\/host\/sockets\//.test(file))).toEqual([]);
  const text = outputFiles.find(({ path }) => path.endsWith(whole![0]))!.text;
  const { code } = await asScript(text);
  expect(code).not.toContain('$atOnce');
  expect(code).toMatch(
    /function networkIn\(\.\.\.all\)\{return require\("\.\/sockets-\w+\.js"\)\.networkIn\(\.\.\.all\)\}/,
  );
});

it('the first frame of a conversation waits for nothing that answers it', async () => {
  const root = join(import.meta.dirname, '..');
  const { folders } = (await import(`${root}/bin/folders.mjs`)) as { folders(): Plugin };
  const entries = ['src/tui/index.tsx', 'src/tui/conversation.tsx'];
  const { metafile } = await bundled(entries, folders());
  const loaded = new Set(entries);
  const packages = new Set<string>();
  for (const one of loaded)
    for (const { path, kind, external } of metafile.inputs[one]?.imports ?? [])
      if (kind === 'import-statement') (external ? packages : loaded).add(path);
  const rooms = new Set([...loaded].map((file) => file.split('/')[1]));
  expect(rooms).toContain('repl');
  for (const room of ['causes', 'engine', 'targets', 'capture', 'watch', 'probe', 'witness', 'resolver'])
    expect(rooms).not.toContain(room);
  expect(packages).toContain('ink');
  for (const name of ['zod', 'yaml', 'koffi', 'execa', 'hdr-histogram-js'])
    expect(packages).not.toContain(name);
});

it('Ink makes and loads nothing that a frame does not need, and still shows where a component has failed', async () => {
  const root = join(import.meta.dirname, '..');
  const { ink } = (await import(`${root}/bin/ink.mjs`)) as { ink(root: string): Plugin };
  const folder = mkdtempSync(join(tmpdir(), 'netdoctor-ink-'));
  try {
    const outfile = join(folder, 'ink.cjs');
    const source = `
      import { EventEmitter } from 'node:events';
      import { render, Text } from 'ink';
      import { createElement } from 'react';
      let written = '';
      const write = (text) => { written += text; return true; };
      const stdout = Object.assign(new EventEmitter(), { isTTY: true, columns: 80, rows: 24, write });
      const stdin = Object.assign(new EventEmitter(), { isTTY: true, setRawMode() {}, ref() {}, unref() {} });
      const shown = async (element) => {
        written = '';
        const { unmount, waitUntilExit } = render(element, { stdin, stdout, patchConsole: false });
        const ended = waitUntilExit().catch(() => {});
        const frame = written;
        unmount();
        await ended;
        return frame + written;
      };
      const run = async () => {
      await globalThis[Symbol.for('netdoctor.layout')];
      const healthy = await shown(createElement(Text, null, 'all is well'));
      const loaded = process.moduleLoadList.filter((name) => /^NativeModule (assert|child_process|perf_hooks|module)$/.test(name));
      const Broken = () => { throw new Error('it broke'); };
      const broken = await shown(createElement(Broken));
      console.log(JSON.stringify({ healthy, loaded, broken }));
      };
      void run();`;
    await build({
      stdin: { contents: source, resolveDir: root, sourcefile: 'src/frame.js' },
      outfile,
      bundle: true,
      format: 'cjs',
      platform: 'node',
      external: ['react-devtools-core'],
      define: { 'process.env.NODE_ENV': '"production"' },
      plugins: [ink(root)],
    });
    const text = readFileSync(outfile, 'utf8');
    expect(text).toContain('base64');
    expect(text).not.toMatch(/=new Uint8Array\(\w\.length\);for/);
    expect(text.match(/__toESM\d*\(require_react\w*\(/g)).toBeNull();
    const { stdout } = await execa(process.execPath, [outfile]);
    const { healthy, loaded, broken } = JSON.parse(stdout) as Record<string, unknown>;
    expect(healthy).toContain('all is well');
    expect(loaded).toEqual([]);
    expect(broken).toMatch(/ERROR.*it broke/s);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
