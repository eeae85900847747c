// What a native file asks of the machine it is loaded on.
import { CannotHave } from '../set-up/say.mjs';
import { run } from './run.mjs';

/** libc's family of both kinds, and what every Node has loaded anyway. */
const ALLOWED =
  /^(lib(c|m|dl|pthread|rt)\.so\.\d+|ld-linux-[\w-]+\.so\.\d|libc\.musl-\w+\.so\.1|libstdc\+\+\.so\.6|libgcc_s\.so\.1)$/;
/** Node's own needs it. */
const NEWEST = '2.28';

/** Shared libraries that a file names. */
export const needed = (file) =>
  [...run(['readelf', '-d', file]).matchAll(/\(NEEDED\).*\[(.+)\]/g)].map(([, name]) => name);

/** The newest version of glibc that a file names, as `2.17`; null where it names none. */
export function newestGlibc(file) {
  const versions = [...run(['readelf', '-V', '-W', file]).matchAll(/GLIBC_(\d+\.\d+)/g)].map(
    ([, text]) => text,
  );
  return versions.sort(byVersion).at(-1) ?? null;
}

const byVersion = (a, b) => a.localeCompare(b, 'en', { numeric: true });

/** Answers the oldest glibc that serves all of them. @throws CannotHave where one asks for more than it may */
export function checkElf(files) {
  for (const file of files) {
    const foreign = needed(file).filter((name) => !ALLOWED.test(name));
    if (foreign.length > 0)
      throw new CannotHave(`${file} cannot be released.`, `It needs ${foreign.join(', ')}.`);
  }
  const oldest = files
    .map(newestGlibc)
    .filter((version) => version !== null)
    .sort(byVersion)
    .at(-1);
  if (byVersion(oldest, NEWEST) > 0)
    throw new CannotHave('The native files cannot be released.', `They need glibc ${oldest}.`);
  return oldest;
}
