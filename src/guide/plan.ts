/** A recipe's steps with the answers in them, in order. */
import type { Hold, Recipe, Step } from './recipe.ts';
import { verbs } from './registry.ts';
import { fill, fillAll, holds, loop, type Scope } from './scope.ts';
import type { Pair, Standing } from './verb.ts';
import type { World } from './world.ts';

export interface PlannedStep {
  readonly index: number;
  readonly verb: string;
  readonly title: string;
  readonly why: string;
  check(): Promise<Standing>;
  /** The commands that make it so, in view of how things are now. */
  pairs(): Promise<readonly Pair[]>;
}

/** What must hold: who reaches whom, or does not. */
export interface PlannedHold {
  readonly from: string;
  readonly to: string;
  readonly proto: Hold['proto'];
  readonly answered: boolean;
}

/** Every step that the answers ask for. */
export function planSteps(recipe: Recipe, scope: Scope, world: World): readonly PlannedStep[] {
  return recipe.steps
    .filter((step) => holds(step.when, scope))
    .flatMap((step) => loop(step.each, scope).map((inner) => ({ step, inner })))
    .map(({ step, inner }, index) => planStep(step, inner, index, world));
}

function planStep(step: Step, scope: Scope, index: number, world: World): PlannedStep {
  const { do: name, why, when: _when, each: _each, ...rest } = step;
  const verb = verbs.get(name)!;
  const params = verb.params.parse(fillAll(rest, scope)) as never;
  return {
    index,
    verb: name,
    title: verb.title(params, world),
    why: fill(why, scope).trim(),
    check: () => verb.check(params, world),
    pairs: () => verb.apply(params, world),
  };
}

/** Every proof that the answers ask for. */
export const planHolds = (recipe: Recipe, scope: Scope): readonly PlannedHold[] =>
  recipe.holds
    .filter((hold) => holds(hold.when, scope))
    .flatMap((hold) =>
      loop(hold.each, scope).map((inner) => ({
        from: fill(hold.from, inner),
        to: fill(hold.to, inner),
        proto: hold.proto,
        answered: hold.is === 'answered',
      })),
    );

export const planTells = (recipe: Recipe, scope: Scope): readonly string[] =>
  recipe.tells.filter((tell) => holds(tell.when, scope)).map((tell) => fill(tell.say, scope).trim());
