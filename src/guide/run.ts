/** A recipe at work: each step looked at, made, looked at again; at the end the proof. */
import { cannotLook } from '../model/failure.ts';
import { ChangeSet } from './change-set.ts';
import type { Proof, SetupEvent } from './event.ts';
import { type PlannedHold, type PlannedStep, planHolds, planSteps, planTells } from './plan.ts';
import { lineOf, previewStep } from './preview.ts';
import type { Recipe } from './recipe.ts';
import type { Scope } from './scope.ts';
import type { Pair } from './verb.ts';
import type { World } from './world.ts';

export type Decision = 'run' | 'skip' | 'back' | 'quit';

export interface Surroundings {
  readonly world: World;
  /** What to do with the step that comes next; without it every step is run. */
  readonly decide?: (step: PlannedStep) => Promise<Decision>;
  /** Sends real packets and says what came back. */
  readonly prove: (hold: PlannedHold) => Promise<Proof>;
  readonly signal?: AbortSignal;
}

/** What was done to a step, so that it can be gone back to. */
interface Done {
  readonly step: PlannedStep;
  readonly changes: number;
}

/** Does what the recipe says. What goes wrong takes everything back and is told; nothing is thrown for it. */
export async function* runRecipe(
  recipe: Recipe,
  scope: Scope,
  { world, decide, prove, signal }: Surroundings,
): AsyncGenerator<SetupEvent> {
  yield { type: 'recipe', recipe, answers: answersOf(scope) };
  const steps = planSteps(recipe, scope, world);
  yield { type: 'plan', steps: await previews(steps) };
  const changes = new ChangeSet(world.machine, `set up ${recipe.name}: ${recipe.title}`);
  await changes.survey((await Promise.all(steps.map((step) => step.pairs()))).flat());
  try {
    const stopped = yield* makeSteps(steps, changes, world, decide, signal);
    if (stopped === 'quit') return yield* unwind(changes, 'quit', 'You left before the end.', null);
    if (stopped !== null) return yield* unwind(changes, 'failed', stopped.because, stopped.hint);
    const proved = yield* proveAll(planHolds(recipe, scope), prove, signal);
    await changes.finish(proved);
    for (const says of planTells(recipe, scope)) yield { type: 'tell', says };
    const { id: journal } = changes;
    if (proved) return yield { type: 'end', status: 'done', journal, because: null, hint: null };
    yield {
      type: 'end',
      status: 'not-proved',
      journal,
      because: 'Every step was made, and the traffic does not say what it should.',
      hint: journal === null ? null : `netdoctor undo ${journal} takes it all back.`,
    };
  } catch (error) {
    await changes.takeBack();
    throw error;
  }
}

const answersOf = (scope: Scope): Record<string, string> =>
  Object.fromEntries([...scope].map(([name, value]) => [name, value.text]));

/** Every step as it would be done now. @throws Failure for the first that cannot be done on this machine. */
export async function previews(steps: readonly PlannedStep[]) {
  for (const step of steps) {
    const standing = await step.check();
    if (standing.is === 'impossible')
      throw cannotLook('step-impossible', `${step.title}: ${standing.because}`, standing.hint);
  }
  return Promise.all(steps.map(previewStep));
}

type Stopped = null | 'quit' | { readonly because: string; readonly hint: string };

async function* makeSteps(
  steps: readonly PlannedStep[],
  changes: ChangeSet,
  world: World,
  decide: Surroundings['decide'],
  signal: AbortSignal | undefined,
): AsyncGenerator<SetupEvent, Stopped> {
  const done: Done[] = [];
  while (done.length < steps.length) {
    signal?.throwIfAborted();
    const step = steps[done.length]!;
    const decision = (await decide?.(step)) ?? 'run';
    if (decision === 'quit') return 'quit';
    if (decision === 'back') {
      const last = done.pop();
      if (!last) continue;
      await changes.back(last.changes);
      world.forget();
      yield { type: 'step', index: last.step.index, state: 'undone', because: null, hint: null };
      continue;
    }
    if (decision === 'skip') {
      yield { type: 'step', index: step.index, state: 'skipped', because: null, hint: null };
      done.push({ step, changes: 0 });
      continue;
    }
    const outcome = yield* makeStep(step, changes, world);
    if (typeof outcome !== 'number') return outcome;
    done.push({ step, changes: outcome });
  }
  return null;
}

/** Makes one step; answers how many changes it took. */
async function* makeStep(
  step: PlannedStep,
  changes: ChangeSet,
  world: World,
): AsyncGenerator<SetupEvent, number | { because: string; hint: string }> {
  const { index } = step;
  const tell = (
    state: 'already' | 'running' | 'done' | 'failed',
    because: string | null = null,
  ): SetupEvent => ({
    type: 'step',
    index,
    state,
    because,
    hint: null,
  });
  const before = await step.check();
  if (before.is === 'so') {
    yield tell('already', before.because);
    return 0;
  }
  if (before.is === 'impossible') {
    yield tell('failed', before.because);
    return before;
  }
  yield tell('running');
  const pairs: readonly Pair[] = await step.pairs();
  for (const pair of pairs) {
    yield { type: 'command', index, command: lineOf(pair.apply) };
    const failure = await changes.make(pair);
    world.forget();
    if (failure !== null) {
      yield tell('failed', failure);
      return { because: `${step.title}: ${failure}`, hint: 'What had been made before it was taken back.' };
    }
  }
  const after = await step.check();
  if (after.is !== 'so') {
    const because = 'the commands said that they worked, and looking again it is not so';
    yield tell('failed', because);
    return { because: `${step.title}: ${because}.`, hint: 'Something else on this host changes it back.' };
  }
  yield tell('done');
  return pairs.length;
}

async function* proveAll(
  holds: readonly PlannedHold[],
  prove: Surroundings['prove'],
  signal: AbortSignal | undefined,
): AsyncGenerator<SetupEvent, boolean> {
  let all = true;
  for (const hold of holds) {
    signal?.throwIfAborted();
    yield { type: 'proving', from: hold.from, to: hold.to, of: holds.length };
    const proof = await prove(hold);
    all &&= proof.holds;
    yield { type: 'proof', proof };
  }
  return all;
}

async function* unwind(
  changes: ChangeSet,
  status: 'failed' | 'quit',
  because: string,
  hint: string | null,
): AsyncGenerator<SetupEvent, void> {
  const { id } = changes;
  const left = await changes.takeBack();
  if (left === null) yield { type: 'end', status, journal: null, because, hint };
  else
    yield {
      type: 'end',
      status: 'stuck',
      journal: id,
      because: `${because} Taking it back did not work: ${left}`,
      hint: `netdoctor undo ${id}`,
    };
}
