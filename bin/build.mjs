// Bundles src into dist: one start-up file, with Ink and the rarely needed parts in chunks of their own.
import { readdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/**
 * Turns Vite's `import.meta.glob('./*.ts', { eager: true })` into static imports, so that a folder is its
 * own registry in the bundle as it is in the tests. Only a single folder level is understood.
 */
const folders = {
  name: 'folders',
  setup(context) {
    context.onLoad({ filter: /[/\\]src[/\\].*\.tsx?$/ }, async ({ path: file }) => {
      const source = await readFile(file, 'utf8');
      if (!source.includes('import.meta.glob')) return undefined;
      const imports = [];
      const contents = source.replace(
        /import\.meta\.glob(?:<[^(]*>)?\(\s*'([^']+)\/\*\.(ts|tsx)',\s*\{ eager: true \}\s*,?\s*\)/g,
        (_, folder, extension) => {
          const names = readdirSync(path.resolve(path.dirname(file), folder))
            .filter(
              (name) =>
                name.endsWith(`.${extension}`) && path.resolve(path.dirname(file), folder, name) !== file,
            )
            .sort();
          const entries = names.map((name) => {
            const local = `$folder${imports.length}`;
            imports.push(`import * as ${local} from ${JSON.stringify(`${folder}/${name}`)};`);
            return `${JSON.stringify(`${folder}/${name}`)}: ${local}`;
          });
          return `{${entries.join(', ')}}`;
        },
      );
      return { contents: `${imports.join('\n')}\n${contents}`, loader: file.endsWith('x') ? 'tsx' : 'ts' };
    });
  },
};

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
