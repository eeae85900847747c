/** A program of test/ as one JavaScript file, built on this machine: in a guest that would take minutes. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';

const ROOT = join(import.meta.dirname, '../..');

/** `source` from the root of the checkout. Gives the path of the file, which goes with this process. */
export async function built(source: string): Promise<string> {
  // Below node_modules, so that the packages are found.
  const name = source.replaceAll(/\W+/g, '-');
  const file = join(ROOT, 'node_modules/.cache/netdoctor', `guest-${process.pid}-${name}.mjs`);
  await execa(process.execPath, ['bin/bundled.mjs', source, file], { cwd: ROOT });
  process.once('exit', () => rmSync(file, { force: true }));
  return file;
}
