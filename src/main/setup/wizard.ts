/** The wizard on a terminal, joined to the engine. */
import type { Proof } from '../../guide/event.ts';
import type { PlannedHold } from '../../guide/plan.ts';
import { offeredRecipes } from '../../guide/shelf.ts';
import { World } from '../../guide/world.ts';
import type { Machine } from '../../host/machine.ts';
import { follow, newRun } from '../../output/run.ts';
import { textOfRun } from '../../output/text.ts';
import type { Chosen } from '../../tui/wizard/index.tsx';
import type { Context } from '../context.ts';
import { CODES } from './codes.ts';
import { prove } from './prove.ts';

export interface WizardOrder {
  /** Null: a person chooses. */
  readonly chosen: Chosen | null;
  readonly given: ReadonlyMap<string, string>;
  readonly machine: Machine;
  /** What is typed, where somebody else reads the terminal. */
  readonly stdin?: NodeJS.ReadStream;
}

/** Runs the wizard; resolves with the exit code. @throws Failure */
export async function wizardOn(
  { chosen, given, machine, stdin }: WizardOrder,
  context: Context,
): Promise<number> {
  const { screen, signal } = context;
  screen.begin();
  const world = new World(machine);
  const { runWizard } = await import('../../tui/wizard/index.tsx');
  const status = await runWizard({
    world,
    chosen,
    recipes: () =>
      offeredRecipes(machine).flatMap(({ recipe, own }) => (recipe === null ? [] : [{ recipe, own }])),
    given,
    glyphs: screen.glyphs,
    colour: screen.palette === 'colour',
    signal,
    stdin,
    prove: proverOn(world, context),
  });
  return CODES[status];
}

/** Shows the way of the packets the first time that a destination is asked for; later ones are one line. */
function proverOn(world: World, { screen }: Context) {
  const shown = new Set<string>();
  return async (
    hold: PlannedHold,
    show: (lines: readonly string[]) => void,
    signal: AbortSignal,
  ): Promise<Proof> => {
    let run = newRun;
    const proof = await prove(hold, world, signal, (event) => {
      run = follow(run, event);
    });
    if (!shown.has(hold.to) || !proof.holds)
      show(
        textOfRun(run, { ...screen, palette: 'bare', all: false })
          .trimEnd()
          .split('\n'),
      );
    shown.add(hold.to);
    return proof;
  };
}
