// Whose work is in what is released, and on which terms: told by esbuild's account of the bundle.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { libpcapSource, libpcapVersion } from './libpcap.mjs';
import { root } from './places.mjs';

/** Names of the npm packages that something of stays in the bundle. */
export const bundledPackages = ({ outputs }) =>
  [
    ...new Set(
      Object.values(outputs)
        .flatMap(({ inputs }) => Object.entries(inputs))
        .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
        .map(([file]) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1])
        .filter((name) => name !== undefined),
    ),
  ].sort();

/** The text of a package's licence; where it has no such file, what it calls it. */
function termsOf(folder) {
  const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)(\.\w+)?$/i.test(name));
  if (file) return readFileSync(join(folder, file), 'utf8').trim();
  const readme = readdirSync(folder).find((name) => /^readme/i.test(name));
  const said = readme && /\n#+ licen[cs]e\n+([^#]+)/i.exec(readFileSync(join(folder, readme), 'utf8'))?.[1];
  return (said ?? 'Its package has no text of it.').trim();
}

function part(name, { version, license, licenses }, terms) {
  const title = `${name} ${version} (${license ?? licenses?.map(({ type }) => type).join(', ') ?? 'see below'})`;
  return `${title}\n${'-'.repeat(title.length)}\n\n${terms}\n`;
}

/** What is no npm package of the bundle: libpcap in the native files, Node itself in the single executable. */
export const libpcapTerms = () =>
  part('libpcap', { version: libpcapVersion(), license: 'BSD-3-Clause' }, termsOf(libpcapSource()));
export const nodeTerms = (folder) =>
  part(
    'Node.js',
    { ...packageAt(folder), license: 'MIT, and those of its parts' },
    readFileSync(join(folder, 'LICENSE'), 'utf8').trim(),
  );

const packageAt = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** @param metafile of esbuild @param others terms of what is beside the bundle */
export function noticeOf(metafile, others) {
  const parts = [...bundledPackages(metafile), 'cap', 'koffi'].sort().map((name) => {
    const folder = join(root, 'node_modules', name);
    return part(name, packageAt(folder), termsOf(folder));
  });
  const head = 'netdoctor is under the MIT licence (LICENSE). In it is work of others, on these terms.\n';
  return [head, ...parts, ...others].join('\n\n');
}
