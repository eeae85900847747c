/** The wizard's course: choose, answer, see the plan, step by step, proof. What is shown is left to the view. */
import { type Asked, interview } from '../../guide/answers.ts';
import type { Proof, SetupEvent, SetupStatus, StepPreview } from '../../guide/event.ts';
import { diagnoseLine } from '../../guide/flow.ts';
import { pictureOf } from '../../guide/picture.ts';
import { type PlannedHold, planHolds } from '../../guide/plan.ts';
import type { Value } from '../../guide/question.ts';
import type { Recipe } from '../../guide/recipe.ts';
import { type Decision, type Rescue, runRecipe } from '../../guide/run.ts';
import { eventLines, proofLine, type Told } from '../../guide/telling.ts';
import type { World } from '../../guide/world.ts';
import { Failure } from '../../model/failure.ts';
import type { Glyphs } from '../../output/glyphs.ts';
import { commandRows } from '../../output/line/command-rows.ts';
import { shellLine } from '../../words/text.ts';
import { plainDrawing } from './drawing.ts';
import { hanging } from './readable.ts';
import type { Given, Offer, Store } from './state.ts';

/** A recipe, netdoctor's own or somebody else's. */
export interface Chosen {
  readonly recipe: Recipe;
  readonly own: boolean;
}

export interface Course {
  readonly world: World;
  readonly given: ReadonlyMap<string, string>;
  readonly glyphs: Glyphs;
  /** Cells of a row, now. */
  readonly columns: () => number;
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
export async function conduct({ recipe, own }: Chosen, store: Store, course: Course): Promise<SetupStatus> {
  const { world, signal, columns } = course;
  store.print(recipe.title, '', ...hanging('', recipe.why, columns()), '');
  const scope = await interview(recipe, world, (asked) => answer(asked, store, course));
  store.show({ kind: 'busy', what: 'Looking at what is there' });
  let all = false;
  let status: SetupStatus = 'quit';
  const decide = async ({ index }: { index: number }): Promise<Decision> => {
    const step = told.steps[index]!;
    store.draw(await drawn(world, course.glyphs));
    if (all) store.show({ kind: 'busy', what: `Step ${index + 1} of ${told.steps.length}   ${step.title}` });
    if (all || step.already) return 'run';
    const given = await store.ask({ kind: 'step', step, index, of: told.steps.length });
    store.show({ kind: 'busy', what: step.title });
    if (given.type === 'all') all = true;
    return decisionOf(given);
  };
  const prove = (hold: PlannedHold) => course.prove(hold, (lines) => store.print('', ...lines));
  const told: Progress = { steps: [], own, commands: [], proving: false };
  const rescue = (step: { title: string }) =>
    rescued(step.title, planHolds(recipe, scope), store, { ...course, prove });
  for await (const event of runRecipe(recipe, scope, { world, signal, decide, rescue, prove })) {
    tell(event, told, store, course);
    if (event.type === 'step') store.draw(await drawn(world, course.glyphs));
    if (event.type === 'end') status = event.status;
  }
  return status;
}

/** The network as it is, in signs that the terminal has. */
async function drawn(world: World, { ascii }: Glyphs): Promise<readonly string[]> {
  const lines = await pictureOf(world);
  return ascii ? lines.map(plainDrawing) : lines;
}

function decisionOf(given: Given): Decision {
  const { type } = given;
  return type === 'skip' || type === 'back' || type === 'quit' ? type : 'run';
}

/** Asks what to do about a step that failed; the diagnosis may be had first, of what is built until then. */
async function rescued(
  title: string,
  holds: readonly PlannedHold[],
  store: Store,
  course: Omit<Course, 'prove'> & { prove(hold: PlannedHold): Promise<Proof> },
): Promise<Rescue> {
  const there = holds.filter(({ from }) => course.world.exists(course.world.place(from)));
  for (;;) {
    const given = await store.ask({ kind: 'broken', title, sound: there.length > 0 });
    if (given.type === 'quit') return 'back';
    if (given.type === 'keep' || given.type === 'again') return given.type;
    if (given.type === 'diagnose') await diagnose(there, store, course);
  }
}

/** Tries what the recipe promises until something does not hold, which is then seen with its reason. */
async function diagnose(
  holds: readonly PlannedHold[],
  store: Store,
  { world, prove, glyphs }: Pick<Course, 'world' | 'glyphs'> & { prove(hold: PlannedHold): Promise<Proof> },
): Promise<void> {
  for (const hold of holds) {
    store.show({ kind: 'busy', what: `Asking ${shellLine(diagnoseLine(hold, world))}` });
    const proof = await prove(hold);
    store.print(proofLine(proof, world, glyphs));
    if (!proof.holds) return;
  }
}

/** One question, until its answer is good. An answer from the call is not asked for again. @throws Left */
async function answer(asked: Asked, store: Store, { given, glyphs, columns }: Course): Promise<Value> {
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
      store.print(...hanging(glyphs.good, `${ask} ${value.text}`, columns()));
      return value;
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      error = failure.problem;
    }
  }
}

/** What has been told until now. */
interface Progress {
  steps: readonly StepPreview[];
  readonly own: boolean;
  /** Of the step that is being made. */
  commands: string[];
  proving: boolean;
}

/** Prints what an event has finished, and shows what it begins. */
function tell(event: SetupEvent, told: Progress, store: Store, { world, glyphs, columns }: Course): void {
  if (event.type === 'plan') {
    told.steps = event.steps;
    store.print(...planOf(told, glyphs, columns()));
  } else if (event.type === 'proving') {
    if (!told.proving) store.print('', 'The proof: packets, watched at every hop.');
    told.proving = true;
    const from = world.place(event.from).label;
    store.show({ kind: 'busy', what: `Proving: ${from} ${glyphs.arrow} ${event.to}` });
  } else if (event.type === 'command') {
    told.commands.push(...commandRows(event.command, columns(), 4));
  } else if (event.type !== 'recipe') {
    const [first = [], ...more] = eventLines(event, told.steps, world, glyphs).map((one) =>
      rowsOf(one, glyphs, columns()),
    );
    if (first.length === 0) return;
    // What was done comes before how.
    store.print(...first, ...told.commands, ...more.flat());
    told.commands = [];
  }
}

/** A line hangs behind its mark, where it has one. */
function rowsOf(one: Told, { good, bad, idle }: Glyphs, columns: number): string[] {
  const text = 'show' in one ? one.show : one.say;
  if (text === '') return [''];
  const mark = [good, bad, idle].find((sign) => text.startsWith(`${sign} `)) ?? '';
  return hanging(mark, text.slice(mark.length), columns);
}

/** Every step in a line; of somebody else's recipe with its commands, before anything is run. */
function planOf({ steps, own }: Progress, glyphs: Glyphs, columns: number): string[] {
  const left = steps.filter((step) => !step.already).length;
  const width = String(steps.length).length;
  const head =
    left === 0 ? 'It is all so already.' : `The plan: ${left} of ${steps.length} steps have something to do.`;
  return [
    '',
    head,
    ...steps.flatMap((step, index) => [
      ...hanging(
        `${step.already ? glyphs.good : glyphs.idle} ${String(index + 1).padStart(width)} `,
        step.title,
        columns,
      ),
      ...(own ? [] : step.commands.flatMap((command) => commandRows(command, columns, 4))),
    ]),
    '',
  ];
}
