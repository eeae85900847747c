/** Netdoctor's own files, and the words that start it or a part of it once more: in a checkout, a package, or one file. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Answer, known } from '../model/answer.ts';
import { carried, carriedIn, isSingle } from './single.ts';

let found: string | undefined;

/**
 * The folder that holds netdoctor's package.json: above src in the tests, above dist in the product. The single
 * executable stands for the folder that it carries.
 */
export function packageRoot(): string {
  if (found) return found;
  let folder = isSingle ? process.execPath : path.dirname(fileURLToPath(import.meta.url));
  while (!isSingle && folder !== '/' && !existsSync(path.join(folder, 'package.json')))
    folder = path.dirname(folder);
  found = folder;
  return folder;
}

/** Is it run from its repository, where npm has put its packages? */
export const isCheckout = (): boolean => !isSingle && existsSync(path.join(packageRoot(), 'src'));

/** Below the package's folder; null for what lies elsewhere. */
const ownName = (file: string): string | null =>
  file.startsWith(`${packageRoot()}/`) ? file.slice(packageRoot().length + 1) : null;

/** The text of a file of netdoctor's own that the single executable carries; null for every other file. */
export function carriedText(file: string): Answer<string> | null {
  const name = isSingle ? ownName(file) : null;
  const bytes = name === null ? null : carried(name);
  return bytes && known(bytes.toString('utf8'), ['cat', file]);
}

/** The same for the names in a folder. */
export function carriedNames(folder: string): Answer<readonly string[]> | null {
  const name = isSingle ? ownName(folder) : null;
  const names = name === null ? null : carriedIn(name);
  return names && known(names, ['ls', folder]);
}

/** The word behind which the single executable is told which of its parts to be. */
const PART = '--part';

/** What starts a part of netdoctor in a process of its own: a file of dist, by its name. */
export const partCall = (name: string): readonly [string, ...string[]] =>
  isSingle
    ? [process.execPath, PART, name]
    : [process.execPath, path.join(packageRoot(), 'dist', `${name}.cjs`)];

/** What starts this very program once more, by no link that it may have been called by. */
export const ownCall = (): readonly [string, ...string[]] =>
  isSingle ? [process.execPath] : [process.execPath, realpathSync(process.argv[1] ?? 'netdoctor')];

/** netdoctor's own version. */
export function version(): string {
  const text = carried('package.json')?.toString('utf8');
  const { version } = JSON.parse(text ?? readFileSync(path.join(packageRoot(), 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
