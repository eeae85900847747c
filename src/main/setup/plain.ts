/** A set-up without a wizard: answers from the call, the plan first, then the run, in text or as a document. */

import { answerAll } from '../../guide/answers.ts';
import { documentOf } from '../../guide/document.ts';
import type { SetupEvent, StepPreview } from '../../guide/event.ts';
import { planHolds, planSteps } from '../../guide/plan.ts';
import type { Recipe } from '../../guide/recipe.ts';
import { previews, runRecipe } from '../../guide/run.ts';
import type { Scope } from '../../guide/scope.ts';
import { scriptOf } from '../../guide/script.ts';
import { eventLines, planLines, type Told } from '../../guide/telling.ts';
import { World } from '../../guide/world.ts';
import type { Machine } from '../../host/machine.ts';
import { wrongCall } from '../../model/failure.ts';
import { jsonText } from '../../output/json.ts';
import { wrapText } from '../../output/line/wrap.ts';
import { shellLine } from '../../words/text.ts';
import type { Context } from '../context.ts';
import { CODES } from './codes.ts';
import { prove } from './prove.ts';

export interface Order {
  readonly recipe: Recipe;
  /** Is it one of netdoctor's own? */
  readonly own: boolean;
  readonly given: ReadonlyMap<string, string>;
  readonly machine: Machine;
}

/** Sets up, or shows what would be done. Resolves with the exit code. @throws Failure */
export async function setUp(order: Order, context: Context): Promise<number> {
  const { recipe, given, machine } = order;
  const { options, signal } = context;
  const world = new World(machine);
  const scope = await answerAll(recipe, world, given);
  if (options.dryRun) return rehearse(order, scope, world, context);
  if (!options.yes)
    throw wrongCall(
      'not-agreed',
      `Nothing was changed: ${recipe.name} has not been agreed to.`,
      `--yes does it, --dry-run shows it: ${shellLine(['netdoctor', 'setup', recipe.name, '--dry-run'])}`,
    );
  const tell = teller(context);
  const events: SetupEvent[] = [];
  let steps: readonly StepPreview[] = [];
  const surroundings = {
    world,
    signal,
    prove: (hold: Parameters<typeof prove>[0]) => prove(hold, world, signal),
  };
  for await (const event of runRecipe(recipe, scope, surroundings)) {
    events.push(event);
    if (event.type === 'plan') {
      steps = event.steps;
      // Somebody else's recipe shows everything before anything is run.
      if (!order.own && !options.json) tell(planLines(steps));
    }
    if (!options.json) tell(eventLines(event, steps, world, context.screen.glyphs));
  }
  const document = documentOf(events);
  if (options.json) context.screen.out(jsonText(document));
  return CODES[document.status];
}

/** Shows what would be done: a script, or the document of a plan. */
async function rehearse(
  { recipe }: Order,
  scope: Scope,
  world: World,
  { screen, options }: Context,
): Promise<number> {
  const answers = Object.fromEntries([...scope].map(([name, value]) => [name, value.text]));
  const steps = await previews(planSteps(recipe, scope, world));
  if (options.json) {
    screen.out(
      jsonText(
        documentOf([
          { type: 'recipe', recipe, answers },
          { type: 'plan', steps },
        ]),
      ),
    );
    return 0;
  }
  screen.out(scriptOf(recipe, answers, steps, planHolds(recipe, scope), world));
  return 0;
}

/** Writes lines as they are and paragraphs wrapped. */
const teller =
  ({ screen }: Context) =>
  (told: readonly Told[]): void => {
    for (const one of told) {
      const lines = 'show' in one ? [one.show] : wrapText(one.say, screen.columns);
      for (const line of lines) screen.out(`${line}\n`);
    }
  };
