// What becomes of src: one start-up file, with Ink and the rarely needed parts in chunks of their own.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { alreadyLoaded } from './already-loaded.mjs';
import { folders } from './folders.mjs';
import { latePackages } from './late-packages.mjs';

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
  minify: true,
  keepNames: true,
  external: ['cap', 'koffi', 'react-devtools-core'],
  define: { 'process.env.NODE_ENV': '"production"' },
  banner: {
    js: "import { createRequire as $createRequire } from 'node:module'; const require = $createRequire(import.meta.url);",
  },
  logLevel: 'warning',
};

/** Bundles into a folder; `more` options are esbuild's own, as is the account that is answered with `metafile`. */
export async function bundleProgram(outdir, more = {}) {
  const split = { ...options, entryPoints: main, splitting: true, outdir };
  const first = await build({ ...split, plugins: [folders()], write: false, metafile: true });
  const before = alreadyLoaded(first.metafile, root, Object.values(main));
  const whole = await build({ ...split, plugins: [folders(before), latePackages(root)], ...more });
  const alone = await build({
    ...options,
    entryPoints: child,
    outdir,
    plugins: [folders(), latePackages(root)],
    ...more,
  });
  if (!whole.metafile) return whole;
  const both = (part) => ({ ...whole.metafile[part], ...alone.metafile[part] });
  return { ...whole, metafile: { inputs: both('inputs'), outputs: both('outputs') } };
}
