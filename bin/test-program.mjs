import { readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { build } from 'esbuild';
import { folders } from './folders.mjs';

const root = new URL('..', import.meta.url).pathname;

/** Every source keeps its own place, which it finds the lab's programs and scenarios by. */
const places = {
  name: 'places',
  setup(context) {
    context.onLoad({ filter: /\/(test|bench)\/.*\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll('import.meta.dirname', JSON.stringify(dirname(path))),
      loader: 'ts',
    }));
  },
};

/** Makes one JavaScript file of a TypeScript program: Node 20 does not read TypeScript by itself. */
export async function bundle(source, outfile) {
  await build({
    absWorkingDir: root,
    entryPoints: [source],
    outfile,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'inline',
    plugins: [places, folders()],
    logLevel: 'warning',
  });
}

/** Runs a TypeScript program of test/ or bench/ in this process. */
export async function start(source) {
  // Below node_modules, so that the packages are found, and git does not look.
  const outfile = `${root}node_modules/.cache/netdoctor/${process.pid}.mjs`;
  await bundle(source, outfile);
  process.once('exit', () => rmSync(outfile, { force: true }));
  process.setSourceMapsEnabled(true);
  await import(outfile);
}
