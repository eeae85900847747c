/**
 * A recipe's whole life; prints what was seen as one JSON line.
 *   unshare --mount --net node … CASE namespaces life|interrupted|script
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answerAll } from '../../../src/guide/answers.ts';
import type { SetupEvent } from '../../../src/guide/event.ts';
import { planHolds, planSteps } from '../../../src/guide/plan.ts';
import { previews, runRecipe } from '../../../src/guide/run.ts';
import { scriptOf } from '../../../src/guide/script.ts';
import { recipeIn } from '../../../src/guide/shelf.ts';
import { World } from '../../../src/guide/world.ts';
import type { Machine } from '../../../src/host/machine.ts';
import { Failure } from '../../../src/model/failure.ts';
import type { Netns } from '../../../src/model/netns.ts';
import { Journal } from '../../../src/repair/journal/journal.ts';
import { identity } from '../../../src/repair/journal/place.ts';
import { undo } from '../../../src/repair/undo.ts';
import { type Case, cases, type Kind } from './cases.ts';
import { prover } from './prove.ts';
import { greets } from './service.ts';
import { difference, snapshot as look } from './snapshot.ts';
import { enter, prepare, stage } from './stage.ts';

async function open(machine: Machine, { recipe: name, set = {} }: Case) {
  const recipe = recipeIn(machine, join(import.meta.dirname, '../../../recipes', `${name}.yaml`));
  const world = new World(machine);
  const scope = await answerAll(recipe, world, new Map(Object.entries(set)));
  world.forget();
  return { recipe, world, scope };
}

/** Runs it to its end, or until `commands` commands were made: then it is left alone, as a killed program leaves it. */
async function run(machine: Machine, one: Case, commands = Infinity): Promise<SetupEvent[]> {
  const { recipe, world, scope } = await open(machine, one);
  const events: SetupEvent[] = [];
  let seen = 0;
  for await (const event of runRecipe(recipe, scope, { world, prove: prover(world) })) {
    if (event.type === 'command' && seen++ === commands) return events;
    events.push(event);
  }
  return events;
}

async function undoAll(machine: Machine): Promise<string[]> {
  const journal = new Journal(machine);
  const said: string[] = [];
  for (const entry of [...journal.list().entries].reverse()) {
    const done = await undo(machine, journal, entry, identity(machine));
    if (done.kind !== 'undone' && done.kind !== 'nothing') said.push(`${done.kind} ${JSON.stringify(done)}`);
  }
  return said;
}

const summary = (events: readonly SetupEvent[]) => ({
  steps: events.flatMap((event) => (event.type === 'step' && event.state !== 'running' ? [event.state] : [])),
  proofs: events.flatMap((event) => (event.type === 'proof' ? [event.proof] : [])),
  end: events.flatMap((event) => (event.type === 'end' ? [event] : []))[0],
  commands: events.filter((event) => event.type === 'command').length,
});

/** Whom the case wants to be reached besides, and is not. */
async function reached(machine: Machine, { reach = [] }: Case): Promise<string[]> {
  const missed: string[] = [];
  for (const { from, to, proto } of reach) {
    if (!(await greets(machine, await enter(machine, from), { to, proto })))
      missed.push(`${from} does not reach ${to} by ${proto}`);
  }
  return missed;
}

async function life(machine: Machine, one: Case) {
  const before = await snapshot(machine);
  const first = await run(machine, one);
  const missed = await reached(machine, one);
  const built = await snapshot(machine);
  const second = await run(machine, one);
  const unchanged = difference(built, await snapshot(machine));
  const said = await undoAll(machine);
  return {
    first: summary(first),
    asked: one.reach?.length ?? 0,
    missed,
    second: summary(second),
    unchanged,
    said,
    left: difference(before, await snapshot(machine)),
  };
}

async function interrupted(machine: Machine, { few = {}, ...full }: Case) {
  const one = { ...full, set: { ...full.set, ...few } };
  const before = await snapshot(machine);
  const faults: string[] = [];
  let commands = 0;
  for (let ended = false; !ended; commands += 1) {
    const events = await run(machine, one, commands);
    ended = events.some((event) => event.type === 'end');
    faults.push(...(await undoAll(machine)).map((line) => `after ${commands}: ${line}`));
    faults.push(...difference(before, await snapshot(machine)).map((line) => `after ${commands}: ${line}`));
  }
  return { commands: commands - 1, faults };
}

async function script(machine: Machine, one: Case) {
  const before = await snapshot(machine);
  const { recipe, world, scope } = await open(machine, one);
  const answers = Object.fromEntries([...scope].map(([name, value]) => [name, value.text]));
  const steps = await previews(planSteps(recipe, scope, world));
  const text = scriptOf(recipe, answers, steps, planHolds(recipe, scope), world);
  const untouched = difference(before, await snapshot(machine));
  writeFileSync('/run/setup.sh', text);
  const made = await machine.run({ argv: ['sh', '/run/setup.sh'] }, { timeout: 30_000 });
  const proofs: string[] = [];
  for (const hold of planHolds(recipe, scope)) {
    const proof = await prover(world)(hold);
    if (!proof.holds) proofs.push(`${proof.from} ${proof.to} ${proof.found}`);
  }
  proofs.push(...(await reached(machine, one)));
  const back = text.slice(text.indexOf('# To take it all back:')).replace(/^#( {3})?/gm, '');
  writeFileSync('/run/back.sh', `set -e\n${back.split('\n').slice(1).join('\n')}`);
  const undone = await machine.run({ argv: ['sh', '/run/back.sh'] }, { timeout: 30_000 });
  return {
    untouched,
    made: made.known ? [made.value.code, made.value.stderr] : made.detail,
    proofs,
    undone: undone.known ? [undone.value.code, undone.value.stderr] : undone.detail,
    left: difference(before, await snapshot(machine)),
  };
}

const [name = '', kind = 'namespaces', mode = 'life'] = process.argv.slice(2);
// The lab's own word for the namespace that plays the internet.
const machine = await stage(kind === 'namespaces' ? undefined : process.env.LAN);
const one = cases[name]![kind as Kind]!;
const end = await prepare(machine, one);
/** Docker's containers, whose namespaces have no name. */
const unnamed: Record<string, Netns> = {};
for (const container of Object.keys(one.containers ?? {}))
  unnamed[container] = (await enter(machine, `docker:${container}`))!;
const snapshot = (here: Machine) => look(here, unnamed);
try {
  const modes = { life, interrupted, script } as const;
  console.log(JSON.stringify(await modes[mode as keyof typeof modes](machine, one)));
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.log(JSON.stringify({ failure: error.problem }));
} finally {
  await end();
}
process.exit(0);
