/** Gathers what the causes ask for, all of it side by side. */
import type { Machine } from '../host/machine.ts';
import { type Answer, notKnown } from '../model/answer.ts';
import type { Facts, Need } from '../model/facts.ts';
import { plain } from '../words/text.ts';
import type { Fact, Ground } from './fact.ts';

const files = import.meta.glob<{ default: Fact }>('./facts/*.ts', { eager: true });
export const facts: readonly Fact[] = Object.values(files).map((file) => file.default);

export type Answers = { readonly [N in Need]?: Answer<Facts[N]> };

/** A gatherer that breaks down makes its fact unknown, and no other; so does a need that no file of facts/ can give. */
export async function gatherOne(machine: Machine, ground: Ground, need: Need): Promise<Answer<unknown>> {
  const one = facts.find(({ name }) => name === need);
  if (!one) return notKnown('not-asked', 'it was not gathered', []);
  try {
    return await one.gather(machine, ground);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return notKnown('unreadable', plain(`${one.name} could not be read: ${said}`), []);
  }
}

/** An answer for each need that a file of facts/ can give; never throws. */
export async function gather(machine: Machine, ground: Ground, needs: Iterable<Need>): Promise<Answers> {
  const wanted = new Set<string>(needs);
  const entries = await Promise.all(
    facts
      .filter((one) => wanted.has(one.name))
      .map(async ({ name }) => [name, await gatherOne(machine, ground, name)] as const),
  );
  return Object.fromEntries(entries) as Answers;
}
