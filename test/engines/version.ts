/** Which version of an engine a tree holds, as the engine's own program says. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NotHad } from '../kernels/not-had.ts';
import { enclosed, type Tree } from './enclosure.ts';
import type { Engine } from './kinds.ts';

/** `28.5.2` of “Docker version 28.5.2+dfsg4, build …”; null where there is none. */
export const versionOf = (said: string): string | null => /\b\d+\.\d+(\.\d+)?/.exec(said)?.[0] ?? null;

/** Writes it to the file `version` of `out`. @throws NotHad where it is older than what the engine is asked for */
export async function versionIn(tree: Tree, { kind, suite, from }: Engine, out: string): Promise<void> {
  await enclosed(tree, `${kind.version.join(' ')}\n`, out, 1);
  const said = readFileSync(join(out, 'log'), 'utf8');
  const version = versionOf(said);
  if (version === null) throw new NotHad(`${kind.version[0]} says no version: ${said.trim()}`);
  if (from !== undefined && Number.parseInt(version, 10) < from)
    throw new NotHad(`it begins with ${from}, and ${suite} has ${version}`);
  writeFileSync(join(out, 'version'), version);
}
