/** What an engine's enclosure has left in its folder: the rows of the exam, and which version was asked. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { KeptRows } from '../exam/kept-rows.ts';
import type { Scenario } from '../lab/scenario-file.ts';
import type { AskedOn } from './table.ts';

const FILES = ['rows', 'version', 'minutes', 'because', 'log', 'rc'];

export type Left = Pick<AskedOn, 'rows' | 'version' | 'minutes'> & {
  /** Faults that have not been made yet. */
  readonly unplayed: number;
  /** Why it could not be had, when that was tried; null: it could, or nobody has tried. */
  readonly because: string | null;
};

/** Reads the folder for these faults. */
export function leftOn(out: string, faults: readonly Scenario[]): Left {
  const said = (name: string): string =>
    existsSync(join(out, name)) ? readFileSync(join(out, name), 'utf8').trim() : '';
  const kept = new KeptRows(join(out, 'rows'));
  const rows = faults.flatMap((fault) => kept.of(fault)?.played ?? []);
  return {
    rows,
    version: said('version') || null,
    minutes: Number(said('minutes')),
    because: said('because') || null,
    unplayed: faults.length - rows.length,
  };
}

/** Takes away what an earlier one left there. */
export function forget(out: string): void {
  for (const name of FILES) rmSync(join(out, name), { force: true });
}
