import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

let found: string | undefined;

/** The folder that holds netdoctor's package.json: above src in the tests, above dist in the product. */
export function packageRoot(): string {
  if (found) return found;
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, 'package.json'))) folder = path.dirname(folder);
  found = folder;
  return folder;
}

/** A file of the built product. */
export const builtFile = (name: string): string => path.join(packageRoot(), 'dist', name);

/** netdoctor's own version. */
export function version(): string {
  const { version } = JSON.parse(readFileSync(path.join(packageRoot(), 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
