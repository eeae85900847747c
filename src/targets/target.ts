/** From a name to the one thing it names. */

import type { Machine } from '../host/machine.ts';
import { type Answer, notKnown } from '../model/answer.ts';
import type { Bearer } from '../model/bearer.ts';
import { cannotLook, type Failure, wrongCall } from '../model/failure.ts';
import type { Candidate, Target } from '../model/target.ts';
import { list, plain, shellLine } from '../words/text.ts';
import type { Runtime } from './runtime.ts';

const files = import.meta.glob<{ default: Runtime }>('./runtimes/*.ts', { eager: true });
export const runtimes: readonly Runtime[] = Object.values(files).map((file) => file.default);

/** Splits `docker:web` into runtime and name; a path or a bare name has no runtime. */
function split(text: string): { chosen: Runtime | undefined; name: string } {
  const [prefix = '', ...rest] = text.split(':');
  const chosen = rest.length > 0 ? runtimes.find((one) => one.name === prefix) : undefined;
  if (rest.length > 0 && !chosen)
    throw wrongCall(
      'unknown-runtime',
      `"${plain(prefix)}" is no runtime netdoctor knows.`,
      `Known: ${list(runtimes.map((one) => `${one.name}:`))}. A name with a colon in it must have one of them in front.`,
    );
  return { chosen, name: chosen ? rest.join(':') : text };
}

/** The one target of that name, or a Failure that says what to type instead. */
export async function findTarget(machine: Machine, text: string): Promise<Target> {
  const { chosen, name } = split(text);
  if (name === '')
    throw wrongCall('empty-target', 'The target has no name.', 'netdoctor containers lists what there is.');
  const asked = chosen
    ? [chosen]
    : name.includes('/')
      ? runtimes.filter((one) => one.name === 'netns')
      : runtimes.filter((one) => one.bare);
  const answers = await Promise.all(asked.map((one) => find(one, machine, name, chosen !== undefined)));
  const found = answers.flatMap((answer) => answer.targets);
  if (found.length === 1) return found[0]!;
  if (found.length > 1) {
    const forms = found.map((target) => `${target.runtime}:${target.id ?? target.name} (${target.about})`);
    throw wrongCall(
      'ambiguous-target',
      `"${plain(name)}" names ${list(forms)}.`,
      `Say which: ${shellLine(['netdoctor', `${found[0]!.runtime}:${found[0]!.name}`])}`,
    );
  }
  const refusal = answers.find((answer) => answer.failure)?.failure;
  if (refusal) throw refusal;
  const silent = answers.flatMap((answer) => (answer.because ? [answer.because] : []));
  throw wrongCall(
    'unknown-target',
    `No ${chosen ? `${chosen.name} target` : 'container or namespace'} is called "${plain(name)}".${silent.length ? ` Not asked: ${silent.join('; ')}.` : ''}`,
    'netdoctor containers lists what there is; a process is named pid:NUMBER, a namespace netns:NAME or by its path.',
  );
}

interface Found {
  readonly targets: readonly Target[];
  readonly failure?: Failure;
  readonly because?: string;
}

/** Asks one runtime. What one of several runtimes cannot say is no end; when it alone was asked, it is. */
async function find(one: Runtime, machine: Machine, name: string, alone: boolean): Promise<Found> {
  try {
    const answer = await readFrom(one, () => one.find(machine, name));
    if (answer.known) return { targets: answer.value };
    if (answer.because === 'no-permission' || alone)
      return {
        targets: [],
        failure: cannotLook(
          answer.because === 'no-permission' ? 'no-permission' : 'runtime-silent',
          `${one.name} could not be asked: ${answer.detail}.`,
          answer.because === 'no-permission'
            ? `Run it as root: ${shellLine(['sudo', 'netdoctor', `${alone ? `${one.name}:` : ''}${name}`])}`
            : `Is ${one.name} running here?`,
        ),
      };
    return { targets: [], because: `${one.name} (${answer.detail})` };
  } catch (error) {
    if ((error as Error).name === 'Failure') return { targets: [], failure: error as Failure };
    throw error;
  }
}

/** A runtime's answer is a stranger's: in another shape than its manual gives it, it is not known, and no fault of ours. */
async function readFrom<T>({ name }: Runtime, work: () => Promise<Answer<T>>): Promise<Answer<T>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError || error instanceof RangeError)
      return notKnown('unreadable', `${name} answered in a shape that its manual does not know`, []);
    throw error;
  }
}

/** Everything that can be a target, of every runtime that answers; and why the others do not. */
export async function listTargets(machine: Machine): Promise<{ candidates: Candidate[]; silent: string[] }> {
  const answers = await Promise.all(
    runtimes.map(async (one) => ({
      one,
      answer: await readFrom(one, () => one.list(machine)).catch(() => undefined),
    })),
  );
  return {
    candidates: answers.flatMap(({ answer }) => (answer?.known ? answer.value : [])),
    silent: answers.flatMap(({ one, answer }) =>
      answer?.known ? [] : [`${one.name}: ${answer?.detail ?? 'did not answer'}`],
    ),
  };
}

/** Who has which address on the target's networks; empty where its runtime does not tell. */
export const bearersOf = async (machine: Machine, target: Target): Promise<readonly Bearer[]> =>
  (await runtimes.find(({ name }) => name === target.runtime)?.bearers?.(machine, target)) ?? [];

/** Is the target still the one that was found? A pid may have been given to somebody else meanwhile. */
export function stillThere(machine: Machine, target: Target): boolean {
  const now = machine.netns(target.netns.path);
  return now.known && now.value.inode === target.netns.inode;
}
