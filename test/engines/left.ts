/** What an engine's enclosure has left in its folder: the rows of the exam, and which version was asked. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { playedIn, said } from '../kernels/left.ts';
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
  const rows = playedIn(out, faults);
  return {
    rows,
    version: said(out, 'version') || null,
    minutes: Number(said(out, 'minutes')),
    because: said(out, 'because') || null,
    unplayed: faults.length - rows.length,
  };
}

/** Takes away what an earlier one left there. */
export function forget(out: string): void {
  for (const name of FILES) rmSync(join(out, name), { force: true });
}
