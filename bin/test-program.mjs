import { mkdirSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

const root = new URL('..', import.meta.url).pathname;

/**
 * Runs a TypeScript program of test/ in this process. The bundle lies beside its source while it is read, since
 * the lab finds its programs by its own place.
 */
export async function start(source) {
  const outfile = `${root}${source.replace(/\.ts$/, `.${process.pid}.bundle.mjs`)}`;
  mkdirSync(new URL('.', `file://${outfile}`), { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints: [source],
    outfile,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  });
  try {
    await import(outfile);
  } finally {
    rmSync(outfile);
  }
}
