// Where a release is made, and what it is called.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export const root = new URL('../../', import.meta.url).pathname;
/** What people get. */
export const out = join(root, 'release');
/** What was fetched and compiled, and need not be again. */
export const cache = join(root, 'node_modules/.cache/netdoctor/release');

export const about = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
export const { version } = about;

/** Every time in what is made: the same sources make the same bytes. reproducible-builds.org/specs/source-date-epoch */
export const epoch = Number(process.env.SOURCE_DATE_EPOCH ?? Date.UTC(2026, 0, 1) / 1000);

/** An empty folder below the cache. */
export function emptyFolder(name) {
  const folder = join(cache, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** A folder of the cache that keeps what is in it. */
export function keptFolder(name) {
  const folder = join(cache, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}
