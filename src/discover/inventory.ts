/** Everything on this host that has a network namespace and a name: its state, and what could not be looked at. */
import type { Machine } from '../host/machine.ts';
import { Failure } from '../model/failure.ts';
import type { Stack } from '../model/stack.ts';
import type { Candidate, Target } from '../model/target.ts';
import { findTarget, listTargets } from '../targets/target.ts';
import { list } from '../words/text.ts';
import { readStack } from './stack.ts';

export interface Inhabitant {
  readonly candidate: Candidate;
  /** Null where it has no network now (stopped), or may not be looked at. */
  readonly target: Target | null;
  readonly stack: Stack | null;
}

export interface Inventory {
  readonly inhabitants: readonly Inhabitant[];
  /** Runtimes and namespaces that did not answer, and why. */
  readonly silent: readonly string[];
}

/** Each look starts two programs; more at once only make a small host wait. */
const AT_ONCE = 8;

export async function takeInventory(machine: Machine): Promise<Inventory> {
  const { candidates, silent } = await listTargets(machine);
  const inhabitants: Inhabitant[] = [];
  const missing = new Map<string, string[]>();
  const unseen = (who: string, why: string): void => {
    missing.set(why, [...(missing.get(why) ?? []), who]);
  };
  const queue = candidates.map((candidate, index) => ({ candidate, index }));
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const { candidate, index } = next;
      inhabitants[index] = await look(machine, candidate, unseen);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, candidates.length) }, worker));
  return {
    inhabitants: inhabitants.filter(notTwice),
    silent: [...silent, ...[...missing].map(([why, who]) => `${some(who)}: ${why}`)],
  };
}

/** As many names as one reads: `netns:a, netns:b, netns:c and 12 more`. */
const some = (who: readonly string[]): string =>
  who.length <= 4
    ? list(who.toSorted())
    : `${who.toSorted().slice(0, 3).join(', ')} and ${who.length - 3} more`;

/** Podman and CNI name the namespaces they make; behind such a name is a container that is listed already. */
const MADE = /^(netns|cni)-[0-9a-f]{8}-[0-9a-f-]{27}$/;

const notTwice = (one: Inhabitant, _: number, all: readonly Inhabitant[]): boolean =>
  one.candidate.runtime !== 'netns' ||
  !MADE.test(one.candidate.name) ||
  !all.some(
    (other) => other !== one && other.target !== null && other.target.netns.inode === one.target?.netns.inode,
  );

/** `docker:web`: the form that names it whatever else is called so. */
export const fullName = ({ runtime, name }: Pick<Candidate, 'runtime' | 'name'>): string =>
  `${runtime}:${name}`;

async function look(
  machine: Machine,
  candidate: Candidate,
  unseen: (who: string, why: string) => void,
): Promise<Inhabitant> {
  const alive = candidate.state === 'running' || candidate.state === 'present';
  if (!alive) return { candidate, target: null, stack: null };
  try {
    const target = await findTarget(machine, `${candidate.runtime}:${candidate.id ?? candidate.name}`);
    const stack = await readStack(machine, target.netns);
    if (!stack.known) unseen(fullName(candidate), stack.detail);
    return { candidate, target, stack: stack.known ? stack.value : null };
  } catch (error) {
    // What went away since it was listed is not there: nothing is left to say about it.
    const code = error instanceof Failure ? error.problem.code : null;
    const why = code === 'no-permission' ? 'looking inside takes root' : (error as Error).message;
    if (code !== 'unknown-target') unseen(fullName(candidate), why.replace(/\.$/, ''));
    return { candidate, target: null, stack: null };
  }
}
