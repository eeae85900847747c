import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leavingNothing } from './leaving-nothing.ts';

/** Works with a folder of its own, `/tmp/netdoctor-NAME-…`, which is gone afterwards, however this process ends. */
export function inScratch<T>(name: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), `netdoctor-${name}-`));
  const remove = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  return leavingNothing(remove, () => work(folder));
}
