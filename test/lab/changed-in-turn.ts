/** Changes made in a lab one after the other while somebody watches: each must be told before the next is made. */
import { expect } from 'vitest';
import type { Lab } from './lab.ts';
import type { Place } from './names.ts';
import type { Watched } from './watched.ts';

/** Kind; what of it; before; after; how it is made, and where. */
export type MadeChange = readonly [string, RegExp, RegExp | null, RegExp | null, string, Place?];

export async function changeInTurn(
  lab: Lab,
  watched: Watched,
  changes: readonly MadeChange[],
): Promise<void> {
  for (const [kind, what, before, after, sh, place = 'host'] of changes) {
    const from = watched.told.length;
    const { exitCode, said } = await lab.step({ in: place, sh });
    expect({ sh, exitCode, said }).toMatchObject({ exitCode: 0 });
    const matches = (value: unknown, wanted: RegExp | null): boolean =>
      wanted === null ? value === null : wanted.test(String(value));
    const isTold = (one: Readonly<Record<string, unknown>>): boolean =>
      one.type === 'change' &&
      one.kind === kind &&
      what.test(String(one.what)) &&
      matches(one.before, before) &&
      matches(one.after, after);
    await watched.until(isTold, sh, from);
  }
}
