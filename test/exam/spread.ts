import { createHash } from 'node:crypto';
import type { Scenario } from '../lab/scenario-file.ts';

type Chosen = Pick<Scenario, 'file' | 'folder' | 'expect'>;

/** An order that no name decides: scenarios of one kind often begin alike. */
const shuffled = (name: string): string => createHash('sha256').update(name).digest('hex');

/**
 * So many of the scenarios, by a rule and not by hand: one of every folder (a flow on a runtime) as long as there are
 * places, then of each folder as many more as the root of its size says; in a folder the causes that were taken least
 * often so far. The same scenarios give the same choice.
 */
export function spread<S extends Chosen>(scenarios: readonly S[], count: number): S[] {
  const folders = new Map<string, S[]>();
  for (const one of scenarios.toSorted((a, b) => (shuffled(a.file) < shuffled(b.file) ? -1 : 1)))
    folders.set(one.folder, [...(folders.get(one.folder) ?? []), one]);
  const sizes = new Map([...folders].map(([folder, all]) => [folder, all.length]));
  const chosen: S[] = [];
  const taken = (of: (one: S) => boolean): number => chosen.filter(of).length;
  while (chosen.length < count && folders.size > 0) {
    const full = (folder: string): number =>
      taken((one) => one.folder === folder) / Math.sqrt(sizes.get(folder)!);
    const folder = least([...folders.keys()], full);
    const left = folders.get(folder)!;
    const next = least(left, ({ expect }) => taken((one) => one.expect === expect));
    chosen.push(next);
    if (left.length === 1) folders.delete(folder);
    else
      folders.set(
        folder,
        left.filter((one) => one !== next),
      );
  }
  return chosen.toSorted((a, b) => (a.file < b.file ? -1 : 1));
}

/** The first of those that come lowest. */
function least<T>(all: readonly T[], value: (one: T) => number): T {
  const values = all.map(value);
  return all[values.indexOf(Math.min(...values))]!;
}
