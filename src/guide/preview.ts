import type { Change } from '../model/fix.ts';
import { commandLine } from '../model/netns.ts';
import type { StepPreview } from './event.ts';
import type { PlannedStep } from './plan.ts';
import type { Pair } from './verb.ts';

/** A change as the argument list a person could type. */
export const lineOf = (change: Change): readonly string[] =>
  'run' in change ? commandLine(change.run) : ['tee', change.file];

/** A step as it would be done now. */
export async function previewStep(step: PlannedStep): Promise<StepPreview> {
  const standing = await step.check();
  const pairs: readonly Pair[] = standing.is === 'so' ? [] : await step.pairs();
  return {
    title: step.title,
    why: step.why,
    already: standing.is === 'so',
    commands: pairs.map((pair) => lineOf(pair.apply)),
    undo: pairs.flatMap((pair) => (pair.undo === null ? [] : [lineOf(pair.undo)])).reverse(),
  };
}
