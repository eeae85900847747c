// Bundles src into dist: one start-up file, with Ink and the rarely needed parts in chunks of their own.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { folders } from './folders.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

const entryPoints = {
  main: 'src/main.ts',
  'capture-child': 'src/host/capture/child.ts',
};

rmSync(path.join(root, 'dist'), { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints,
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minify: true,
  keepNames: true,
  sourcemap: 'linked',
  external: ['cap', 'koffi', 'react-devtools-core'],
  define: { 'process.env.NODE_ENV': '"production"' },
  banner: {
    js: "import { createRequire as $createRequire } from 'node:module'; const require = $createRequire(import.meta.url);",
  },
  plugins: [folders],
  logLevel: 'warning',
});
