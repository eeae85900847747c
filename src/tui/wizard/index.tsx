/** The guided wizard on a terminal. Ink is read from here on, and not before. */
import { render } from 'ink';
import type { Proof, SetupStatus } from '../../guide/event.ts';
import type { PlannedHold } from '../../guide/plan.ts';
import type { World } from '../../guide/world.ts';
import type { Glyphs } from '../../output/glyphs.ts';
import { laidOut } from '../laid-out.ts';
import { ScreenStream } from '../screen-stream.ts';
import { sizeOf } from '../terminal.ts';
import { type Chosen, chooseRecipe, conduct, Left } from './conduct.ts';
import { sketchOf } from './sketch.ts';
import { Store } from './state.ts';
import { Wizard } from './view.tsx';

export type { Chosen } from './conduct.ts';

export interface WizardContext {
  readonly world: World;
  /** Null: a person chooses among `recipes`. */
  readonly chosen: Chosen | null;
  readonly recipes: () => readonly Chosen[];
  readonly given: ReadonlyMap<string, string>;
  readonly prove: (
    hold: PlannedHold,
    show: (lines: readonly string[]) => void,
    signal: AbortSignal,
  ) => Promise<Proof>;
  readonly glyphs: Glyphs;
  readonly colour: boolean;
  readonly signal: AbortSignal;
  readonly stdin?: NodeJS.ReadStream;
  readonly stdout?: NodeJS.WriteStream;
}

/** Asks, shows and does; resolves with how it ended. @throws Failure, or the reason of the signal */
export async function runWizard(context: WizardContext): Promise<SetupStatus> {
  const { stdin = process.stdin, stdout = process.stdout, glyphs, colour } = context;
  await laidOut();
  const store = new Store();
  const stream = new ScreenStream(stdout);
  const ink = render(<Wizard store={store} glyphs={glyphs} colour={colour} size={() => sizeOf(stdout)} />, {
    stdout: stream as unknown as NodeJS.WriteStream,
    stdin,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  const onResize = (): void => void stream.emit('resize');
  stdout.on('resize', onResize);
  try {
    return await course(context, store);
  } catch (error) {
    if (error instanceof Left) return 'quit';
    throw error;
  } finally {
    store.show({ kind: 'over' });
    await ink.waitUntilExit();
    stdout.off('resize', onResize);
  }
}

/** Ctrl-C while something is being done takes back what was made, as a signal from outside does. */
async function course(context: WizardContext, store: Store): Promise<SetupStatus> {
  const { world, given, glyphs, stdout = process.stdout } = context;
  const columns = (): number => sizeOf(stdout).columns;
  const quitting = new AbortController();
  store.onQuit = () => quitting.abort(new Left());
  const signal = AbortSignal.any([context.signal, quitting.signal]);
  const leave = (): void => store.give({ type: 'quit' });
  context.signal.addEventListener('abort', leave);
  try {
    const chosen = context.chosen ?? (await choose(context, store));
    const prove = (hold: PlannedHold, show: (lines: readonly string[]) => void) =>
      context.prove(hold, show, signal);
    const status = await conduct(chosen, store, { world, given, glyphs, columns, signal, prove });
    context.signal.throwIfAborted();
    return status;
  } finally {
    context.signal.removeEventListener('abort', leave);
  }
}

async function choose({ recipes, glyphs }: WizardContext, store: Store): Promise<Chosen> {
  const all = recipes();
  const offers = all.map(({ recipe }) => ({
    name: recipe.name,
    title: recipe.title,
    why: recipe.why.trim(),
    picture: sketchOf(recipe, glyphs.ascii),
  }));
  const name = await chooseRecipe(offers, store);
  return all.find(({ recipe }) => recipe.name === name)!;
}
