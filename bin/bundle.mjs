// What becomes of src: one start-up file, with Ink and the rarely needed parts in chunks of their own.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { folders } from './folders.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Bundles into a folder, and answers esbuild's account of it when `metafile` is set. Every entry point is a process. */
export const bundleProgram = (outdir, options = {}) =>
  build({
    absWorkingDir: root,
    entryPoints: {
      main: 'src/main.ts',
      'capture-child': 'src/host/capture/child.ts',
    },
    outdir,
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
    plugins: [folders],
    logLevel: 'warning',
    ...options,
  });
