// The same sources make the same bytes: everything is made again, and compared.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { out, root } from '../places.mjs';
import { run } from '../run.mjs';

/** Answers the lines of SHA256SUMS that came out otherwise. */
export function differing() {
  const sums = () => readFileSync(join(out, 'SHA256SUMS'), 'utf8').split('\n');
  const first = sums();
  run([process.execPath, join(root, 'bin/release.mjs')]);
  return sums().filter((line) => !first.includes(line));
}
