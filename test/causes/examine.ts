import { causeOf } from '../../src/causes.ts';
import { atLeast, leastRisk } from '../../src/fixes/risk.ts';
import type { Claim } from '../../src/model/cause.ts';
import type { Fix } from '../../src/model/fix.ts';
import { commandLine } from '../../src/model/netns.ts';
import type { Lab } from './scene.ts';

/** What the cause says about the scene; every fix of every cause that is tested says its true risk. */
export function examine(id: string, lab: Lab): Claim | null {
  const cause = causeOf(id);
  if (!cause) throw new Error(`there is no cause ${id}`);
  const claim = cause.examine(lab as never);
  for (const fix of claim?.fixes ?? [])
    if (atLeast(fix.risk, leastRisk(fix)) !== fix.risk)
      throw new Error(
        `${id} calls ${fix.risk} what is ${leastRisk(fix)}: ${fix.title}: ${lines(fix.apply).join('; ')}`,
      );
  return claim;
}

const lines = (changes: Fix['apply']): string[] =>
  changes.map((change) => ('run' in change ? commandLine(change.run).join(' ') : change.file));

/** The commands of the first fix, and of its way back, as one would type them. */
export function commands(claim: Claim | null): { apply: string[]; undo: string[] } {
  const fix = claim?.fixes?.[0];
  return { apply: lines(fix?.apply ?? []), undo: lines(fix?.undo ?? []) };
}

/** One row of a table of scenes. */
export interface Row {
  readonly id: string;
  readonly when: string;
  readonly lab: () => Lab;
  /** What the first fix runs; absent: not asked. */
  readonly fix?: readonly string[];
  readonly undo?: readonly string[];
  readonly sure?: 'proved' | 'supported';
  /** Words that must be in what is said. */
  readonly says?: RegExp;
}

/** Scenes in which the cause must not be claimed. */
export interface Decoy {
  readonly id: string;
  readonly when: string;
  readonly lab: () => Lab;
}
