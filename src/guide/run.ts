/** A recipe at work: each step looked at, made, looked at again; at the end the proof. */
import { cannotLook } from '../model/failure.ts';
import { shellLine } from '../words/text.ts';
import { ChangeSet } from './change-set.ts';
import type { Proof, SetupEvent } from './event.ts';
import { diagnoseLine } from './flow.ts';
import { type PlannedHold, type PlannedStep, planHolds, planSteps, planTells } from './plan.ts';
import { lineOf, previewStep } from './preview.ts';
import type { Recipe } from './recipe.ts';
import type { Scope } from './scope.ts';
import type { Standing } from './verb.ts';
import type { World } from './world.ts';

export type Decision = 'run' | 'skip' | 'back' | 'quit';

/** Try the step again, take everything back, or leave what stands. */
export type Rescue = 'again' | 'back' | 'keep';

export interface Surroundings {
  readonly world: World;
  /** What to do with the step that comes next; without it every step is run. */
  readonly decide?: (step: PlannedStep) => Promise<Decision>;
  /** What to do about a step that failed; without it everything is taken back. */
  readonly rescue?: (step: PlannedStep, because: string) => Promise<Rescue>;
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
  surroundings: Surroundings,
): AsyncGenerator<SetupEvent> {
  const { world, prove, signal } = surroundings;
  yield { type: 'recipe', recipe, answers: answersOf(scope) };
  const steps = planSteps(recipe, scope, world);
  yield { type: 'plan', steps: await previews(steps) };
  const changes = new ChangeSet(world.machine, `set up ${recipe.name}: ${recipe.title}`);
  await changes.survey((await Promise.all(steps.map((step) => step.pairs()))).flat());
  try {
    const stopped = yield* makeSteps(steps, changes, surroundings);
    if (stopped === 'quit') return yield* unwind(changes, 'quit', 'You left before the end.', null);
    if (stopped !== null && stopped.rescue === 'back')
      return yield* unwind(changes, 'failed', stopped.because, takenBack(recipe));
    const failed = stopped === null ? yield* proveAll(planHolds(recipe, scope), prove, signal) : null;
    const proved = stopped === null && failed === null;
    await changes.finish(proved);
    const { id: journal } = changes;
    const undo = journal === null ? '' : `${shellLine(['netdoctor', 'undo', journal])} takes it all back.`;
    if (stopped !== null)
      return yield { type: 'end', status: 'failed', journal, because: stopped.because, hint: undo || null };
    for (const says of planTells(recipe, scope)) yield { type: 'tell', says };
    if (proved) return yield { type: 'end', status: 'done', journal, because: null, hint: null };
    yield {
      type: 'end',
      status: 'not-proved',
      journal,
      because: 'Every step was made, and the traffic does not say what it should.',
      hint: failed && `${shellLine(diagnoseLine(failed, world))} tells where and why. ${undo}`.trim(),
    };
  } catch (error) {
    await changes.takeBack();
    throw error;
  }
}

const takenBack = ({ name }: Recipe): string =>
  `What had been made before it was taken back. On a terminal, ${shellLine(['netdoctor', 'setup', name])} stops at such a step and offers the diagnosis.`;

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

type Stopped = null | 'quit' | { readonly because: string; readonly rescue: 'back' | 'keep' };

async function* makeSteps(
  steps: readonly PlannedStep[],
  changes: ChangeSet,
  { world, decide, rescue, signal }: Surroundings,
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
    const before = changes.size;
    for (;;) {
      const because = yield* makeStep(step, changes, world);
      if (because === null) break;
      const chosen = (await rescue?.(step, because)) ?? 'back';
      if (chosen !== 'again') return { because: `${step.title}: ${because}`, rescue: chosen };
      world.forget();
    }
    done.push({ step, changes: changes.size - before });
  }
  return null;
}

/** Makes one step; answers null when it is so, else what failed and what was found, in a sentence. */
async function* makeStep(
  step: PlannedStep,
  changes: ChangeSet,
  world: World,
): AsyncGenerator<SetupEvent, string | null> {
  const { index } = step;
  type Told = 'already' | 'running' | 'done' | 'failed';
  const tell = (state: Told, because: string | null = null): SetupEvent => ({
    ...{ type: 'step', index, state, because, hint: null },
  });
  const before = await step.check();
  if (before.is === 'so') {
    yield tell('already', before.because);
    return null;
  }
  let failure: string | null = before.is === 'impossible' ? before.because : null;
  if (failure === null) {
    yield tell('running');
    for (const pair of await step.pairs()) {
      yield { type: 'command', index, command: lineOf(pair.apply) };
      failure = await changes.make(pair);
      world.forget();
      if (failure !== null) break;
    }
    const after = await step.check();
    if (failure === null && after.is === 'so') {
      yield tell('done');
      return null;
    }
    failure = `${failure?.replace(/\.$/, '') ?? 'The commands said that they worked'}. Looking again: ${foundBy(after)}.`;
  }
  yield tell('failed', failure);
  return failure;
}

const foundBy = (standing: Standing): string =>
  standing.is === 'not-so' ? standing.found : standing.because.replace(/\.$/, '');

/** Tries every promise; answers the first that does not hold. */
async function* proveAll(
  holds: readonly PlannedHold[],
  prove: Surroundings['prove'],
  signal: AbortSignal | undefined,
): AsyncGenerator<SetupEvent, PlannedHold | null> {
  let failed: PlannedHold | null = null;
  for (const hold of holds) {
    signal?.throwIfAborted();
    yield { type: 'proving', from: hold.from, to: hold.to, of: holds.length };
    const proof = await prove(hold);
    if (!proof.holds) failed ??= hold;
    yield { type: 'proof', proof };
  }
  return failed;
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
      hint: shellLine(['netdoctor', 'undo', ...(id === null ? [] : [id])]),
    };
}
