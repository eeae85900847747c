/** Where kernels are kept: outside the checkout, since they take long to make and are nobody's source. */
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export function cache(...parts: readonly string[]): string {
  const root =
    process.env.NETDOCTOR_KERNELS ??
    join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'netdoctor-kernels');
  const folder = join(root, ...parts);
  mkdirSync(folder, { recursive: true });
  return folder;
}
