// What becomes of src: a start-up script, with Ink and the rarely needed parts in scripts of their own.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { alreadyLoaded } from './already-loaded.mjs';
import { compileScripts } from './compile.mjs';
import { folders } from './folders.mjs';
import { ink } from './ink.mjs';
import { latePackages, lateScripts } from './late-packages.mjs';
import { lateParts } from './late-parts.mjs';
import { asFile, asScript } from './scripts.mjs';
import { together } from './together.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
/** Every one is a process. */
const main = { main: 'src/main.ts' };
/** One file with nothing in it that it does not need: every diagnosis waits for its start. */
const child = { 'capture-child': 'src/host/capture/child.ts' };

const options = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  outExtension: { '.js': '.script' },
  write: false,
  metafile: true,
  // Names stay as they are: to name each function anew as it is made takes longer than to read its own.
  minifySyntax: true,
  minifyWhitespace: true,
  external: ['cap', 'koffi', 'react-devtools-core'],
  // $url is what bin/part.cjs hands to each script.
  define: {
    'process.env.NODE_ENV': '"production"',
    'import.meta.url': '$url',
  },
  logLevel: 'warning',
};

/**
 * Bundles into a folder, and answers esbuild's account of it.
 * @param maps with source maps beside the scripts
 */
export async function bundleProgram(outdir, { maps = false } = {}) {
  const all = { ...options, outdir, sourcemap: maps && 'inline' };
  const split = { ...all, entryPoints: main, splitting: true };
  const first = await build({ ...split, sourcemap: false, plugins: [folders(), lateParts(root)] });
  const before = alreadyLoaded(first.metafile, root, Object.values(main));
  const parts = [latePackages(root, { apart: true }), ink(root)];
  const builds = await Promise.all([
    build({ ...split, plugins: [folders(before), lateParts(root), ...parts] }),
    build({ ...all, entryPoints: child, plugins: [folders(), ...parts] }),
    ...lateScripts.map(({ script, module }) =>
      build({
        ...all,
        stdin: { contents: module, resolveDir: root, sourcefile: script },
        outdir: undefined,
        outfile: path.join(outdir, `${script}.script`),
      }),
    ),
  ]);
  mkdirSync(outdir, { recursive: true });
  const texts = new Map(
    builds
      .flatMap(({ outputFiles }) => outputFiles)
      .map(({ path: file, text }) => [path.basename(file), text]),
  );
  const [program, ...others] = builds;
  const files = [
    ...together(program.metafile.outputs, path.relative(root, path.join(outdir, 'main.script'))),
    ...others.flatMap(({ metafile }) => Object.keys(metafile.outputs)).map((file) => [file, [file]]),
  ];
  await Promise.all(
    files.map(async ([output, scripts]) => {
      const name = path.basename(output);
      const names = scripts.map((file) => path.basename(file));
      const parts = await Promise.all(names.map((one) => asScript(texts.get(one), maps)));
      const { code, map } = asFile(names, parts);
      const file = path.join(outdir, name);
      writeFileSync(file, maps ? `${code}//# sourceMappingURL=${name}.map\n` : code);
      if (maps) writeFileSync(`${file}.map`, map);
    }),
  );
  for (const name of [...Object.keys(main), ...Object.keys(child)])
    copyFileSync(path.join(root, 'bin/part.cjs'), path.join(outdir, `${name}.cjs`));
  compileScripts(outdir);
  const joined = (part) => Object.assign({}, ...builds.map(({ metafile }) => metafile[part]));
  return { inputs: joined('inputs'), outputs: joined('outputs') };
}
