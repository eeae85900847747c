/** Where kernels and engines are kept: outside the checkout, since they take long to make and are nobody's source. */
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A folder below `NETDOCTOR_KERNELS` or `~/.cache/netdoctor-kernels`, and so on. */
export function cacheOf(what: 'kernels' | 'engines', ...parts: readonly string[]): string {
  const root =
    process.env[`NETDOCTOR_${what.toUpperCase()}`] ??
    join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), `netdoctor-${what}`);
  const folder = join(root, ...parts);
  mkdirSync(folder, { recursive: true });
  return folder;
}

export const cache = (...parts: readonly string[]): string => cacheOf('kernels', ...parts);
