/** The wizard's course: choose, answer, see the plan, step by step, proof. What is shown is left to the view. */
import { type Asked, interview } from '../../guide/answers.ts';
import type { Proof, SetupEvent, SetupStatus, StepPreview } from '../../guide/event.ts';
import { diagnoseLine } from '../../guide/flow.ts';
import { pictureOf } from '../../guide/picture.ts';
import { type PlannedHold, planHolds } from '../../guide/plan.ts';
import type { Value } from '../../guide/question.ts';
import type { Recipe } from '../../guide/recipe.ts';
import { type Decision, type Rescue, runRecipe } from '../../guide/run.ts';
import { eventLines, proofLine } from '../../guide/telling.ts';
import type { World } from '../../guide/world.ts';
import { Failure } from '../../model/failure.ts';
import { shellLine } from '../../model/words.ts';
import type { Glyphs } from '../../output/glyphs.ts';
import type { Given, Offer, Store } from './state.ts';

export interface Course {
  readonly world: World;
  readonly given: ReadonlyMap<string, string>;
  readonly glyphs: Glyphs;
  readonly signal: AbortSignal;
  /** Proves one thing, and shows the way of its packets. */
  readonly prove: (hold: PlannedHold, show: (lines: readonly string[]) => void) => Promise<Proof>;
}

/** Somebody left before anything was changed. */
export class Left extends Error {
  override readonly name = 'Left';
}

/** Lets a person choose among recipes. @throws Left */
export async function chooseRecipe(offers: readonly Offer[], store: Store): Promise<string> {
  const given = await store.ask({ kind: 'choose', offers, at: 0 });
  const { scene } = store.state;
  if (given.type === 'quit' || scene.kind !== 'choose') throw new Left();
  return scene.offers[scene.at]!.name;
}

/** Asks everything, and does it. @throws Left; Failure for what cannot be done on this machine */
export async function conduct(recipe: Recipe, store: Store, course: Course): Promise<SetupStatus> {
  const { world, signal } = course;
  store.print(recipe.title, '', recipe.why.trim());
  const scope = await interview(recipe, world, (asked) => answer(asked, store, course));
  store.show({ kind: 'busy', what: 'Looking at what is there' });
  let steps: readonly StepPreview[] = [];
  let all = false;
  let status: SetupStatus = 'quit';
  const decide = async ({ index }: { index: number }): Promise<Decision> => {
    const step = steps[index]!;
    store.draw(await pictureOf(world));
    if (all || step.already) return 'run';
    const given = await store.ask({ kind: 'step', step, index, of: steps.length });
    store.show({ kind: 'busy', what: step.title });
    if (given.type === 'all') all = true;
    return decisionOf(given);
  };
  const prove = (hold: PlannedHold) => course.prove(hold, (lines) => store.print(...lines));
  const rescue = (step: { title: string }, because: string) =>
    rescued(step.title, because, planHolds(recipe, scope), store, { ...course, prove });
  for await (const event of runRecipe(recipe, scope, { world, signal, decide, rescue, prove })) {
    if (event.type === 'plan') steps = event.steps;
    tell(event, steps, store, course);
    if (event.type === 'step') store.draw(await pictureOf(world));
    if (event.type === 'end') status = event.status;
  }
  return status;
}

function decisionOf(given: Given): Decision {
  const { type } = given;
  return type === 'skip' || type === 'back' || type === 'quit' ? type : 'run';
}

/** Asks what to do about a step that failed; the diagnosis may be had first, of what is built until then. */
async function rescued(
  title: string,
  because: string,
  holds: readonly PlannedHold[],
  store: Store,
  { world, prove, glyphs }: Omit<Course, 'prove'> & { prove(hold: PlannedHold): Promise<Proof> },
): Promise<Rescue> {
  const there = holds.find(({ from }) => world.exists(world.place(from)));
  for (;;) {
    const given = await store.ask({ kind: 'broken', title, because, sound: there !== undefined });
    if (given.type === 'quit') return 'back';
    if (given.type === 'keep' || given.type === 'again') return given.type;
    if (given.type !== 'diagnose' || !there) continue;
    store.show({ kind: 'busy', what: `Asking ${shellLine(diagnoseLine(there, world))}` });
    store.print(proofLine(await prove(there), world, glyphs));
  }
}

/** One question, until its answer is good. An answer from the call is not asked for again. @throws Left */
async function answer(asked: Asked, store: Store, { given, glyphs }: Course): Promise<Value> {
  const { name, ask, why, suggestion, choices } = asked;
  let error: { message: string; hint: string } | null = null;
  const preset = given.get(name);
  let text = preset ?? '';
  for (let first = true; ; first = false) {
    if (!first || preset === undefined) {
      const reply = await store.ask({ kind: 'ask', ask, why, suggestion, choices, error, text });
      if (reply.type !== 'answer') throw new Left();
      text = reply.text.trim();
    }
    store.show({ kind: 'busy', what: ask });
    try {
      const value = await asked.read(text === '' ? (suggestion ?? '') : text);
      store.print(`${glyphs.good} ${ask} ${value.text}`);
      return value;
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      error = failure.problem;
    }
  }
}

/** Prints what an event has finished, and shows what it begins. */
function tell(
  event: SetupEvent,
  steps: readonly StepPreview[],
  store: Store,
  { world, glyphs }: Course,
): void {
  if (event.type === 'plan') {
    const left = steps.filter((step) => !step.already).length;
    store.print(
      '',
      left === 0
        ? 'It is all so already.'
        : `The plan: ${left} of ${steps.length} steps have something to do.`,
      ...steps.map(
        (step, index) => `${step.already ? glyphs.good : glyphs.idle} ${index + 1}. ${step.title}`,
      ),
      '',
    );
  } else if (event.type === 'proving') {
    store.show({
      kind: 'busy',
      what: `Proving: ${world.place(event.from).label} ${glyphs.arrow} ${event.to}`,
    });
  } else if (event.type === 'command') {
    store.print(`    ${shellLine(event.command)}`);
  } else if (event.type !== 'recipe') {
    const lines = eventLines(event, steps, world, glyphs).map((one) => ('show' in one ? one.show : one.say));
    if (lines.length > 0) store.print(...lines);
  }
}
