/** Gathers what the causes need, side by side: the folder is the registry. */
import type { Machine } from '../host/machine.ts';
import { type Answer, notKnown } from '../model/answer.ts';
import type { Facts, Need } from '../model/facts.ts';
import type { Scene } from '../model/scene.ts';
import type { Fact } from './fact.ts';

const files = import.meta.glob<{ default: Fact }>('./facts/*.ts', { eager: true });
const facts = new Map(Object.values(files).map(({ default: one }) => [one.name, one]));

export type Gathered = { readonly [N in Need]?: Answer<Facts[N]> };

/** A source that throws, or that nobody has written, is an answer that says so. */
export async function gather(machine: Machine, scene: Scene, needs: readonly Need[]): Promise<Gathered> {
  const answers = await Promise.all(
    needs.map(async (need) => {
      try {
        return [
          need,
          (await facts.get(need)?.gather(machine, scene)) ?? notKnown('unsupported', 'no source', []),
        ] as const;
      } catch (error) {
        return [need, notKnown('unreadable', (error as Error).message, [])] as const;
      }
    }),
  );
  return Object.fromEntries(answers) as Gathered;
}
