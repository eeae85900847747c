// What becomes of src: one start-up file, with Ink and the rarely needed parts in chunks of their own.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { alreadyLoaded } from './already-loaded.mjs';
import { folders } from './folders.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
/** Every one is a process. */
const entryPoints = {
  main: 'src/main.ts',
  'capture-child': 'src/host/capture/child.ts',
};

const options = {
  absWorkingDir: root,
  entryPoints,
  bundle: true,
  splitting: true,
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
  const first = await build({ ...options, outdir, plugins: [folders()], write: false, metafile: true });
  const before = alreadyLoaded(first.metafile, root, Object.values(entryPoints));
  return build({ ...options, outdir, plugins: [folders(before)], ...more });
}
