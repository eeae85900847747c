/** What a guest has left in its folder: rows of the exam, and what its kernel said of itself. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { KeptRows } from '../exam/kept-rows.ts';
import type { Row } from '../lab/scenario.ts';
import type { Scenario } from '../lab/scenario-file.ts';
import type { Asked } from './table.ts';

const FILES = ['rc', 'rows', 'release', 'abilities', 'demo-rc', 'minutes', 'log'];

export type Left = Pick<Asked, 'rows' | 'lacking' | 'demo' | 'abilities'> & {
  /** `uname -r`, and whether the script came to its end. */
  readonly release: string;
  readonly ended: boolean;
  /** Scenarios that have not been played, and could be. */
  readonly unplayed: number;
  /** All that guests took for it, until now. */
  readonly minutes: number;
};

/** What a file of the folder holds; nothing where it is not there. */
export const said = (out: string, name: string): string =>
  existsSync(join(out, name)) ? readFileSync(join(out, name), 'utf8').trim() : '';

/** The rows of those of these scenarios that were played. */
export function playedIn(out: string, scenarios: readonly Scenario[]): Row[] {
  const kept = new KeptRows(join(out, 'rows'));
  return scenarios.flatMap((scenario) => kept.of(scenario)?.played ?? []);
}

/** Reads the folder for these scenarios. */
export function leftIn(out: string, scenarios: readonly Scenario[]): Left {
  const rows = playedIn(out, scenarios);
  // Each guest that went on has told it anew.
  const told = new Set(
    [...said(out, 'log').matchAll(/^not on this kernel +(\S+)/gm)].map(([, name]) => name),
  );
  const played = new Set(rows.map(({ scenario }) => scenario.file));
  const lacking = scenarios.filter(({ file }) => told.has(file) && !played.has(file)).length;
  return {
    rows,
    lacking,
    demo: said(out, 'demo-rc') === '' ? null : Number(said(out, 'demo-rc')),
    abilities:
      said(out, 'abilities') === ''
        ? []
        : (JSON.parse(said(out, 'abilities')) as Pick<Asked, 'abilities'>).abilities,
    release: said(out, 'release'),
    ended: said(out, 'rc') !== '',
    unplayed: scenarios.length - rows.length - lacking,
    minutes: Number(said(out, 'minutes')),
  };
}

/** Takes away what an earlier guest left there; `goesOn`: only that it had ended. */
export function forget(out: string, goesOn: boolean): void {
  for (const name of goesOn ? ['rc'] : FILES) rmSync(join(out, name), { force: true });
}
