/** Native code can only be loaded from a file. One that is carried inside another is put into a folder of our own for that moment. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Where nobody but their owner writes comes first. Some are mounted noexec, some read-only. */
const PLACES = {
  root: ['/run', '/var/lib', '/var/tmp', '/tmp'],
  user: [...(process.env.XDG_RUNTIME_DIR ? [process.env.XDG_RUNTIME_DIR] : []), '/var/tmp', '/tmp'],
} as const;

/** May a folder be made there that nobody else can put another in the place of? Others write there at most beside it. */
function isSafe(place: string, uid: number): boolean {
  const { uid: owner, mode } = statSync(place);
  const sticky = (mode & 0o1000) !== 0;
  return (owner === 0 || owner === uid) && ((mode & 0o022) === 0 || sticky);
}

/**
 * Writes the bytes into a new folder (0700, of a name nobody can guess: mkdtemp(3)), reads them back, compares their
 * SHA-256, hands `use` the file, and removes both: what is mapped stays mapped. The first place that serves is taken.
 * @throws the first error, where none does
 */
export function asFile<T>(bytes: Buffer, sha256: string, name: string, use: (file: string) => T): T {
  const uid = process.getuid?.() ?? -1;
  let first: unknown;
  for (const place of uid === 0 ? PLACES.root : PLACES.user) {
    let folder: string | undefined;
    try {
      if (!isSafe(place, uid)) continue;
      folder = mkdtempSync(path.join(place, 'netdoctor-'));
      const file = path.join(folder, name);
      writeFileSync(file, bytes, { flag: 'wx', mode: 0o500 });
      const found = createHash('sha256').update(readFileSync(file)).digest('hex');
      if (found !== sha256) throw new Error(`${name} is not what was built: its SHA-256 is ${found}`);
      return use(file);
    } catch (error) {
      first ??= error;
    } finally {
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    }
  }
  throw first ?? new Error(`there is no folder where ${name} could be put for a moment`);
}
