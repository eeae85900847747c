/** Every ability, in the order of a diagnosis, and what becomes of trying them all. */
import type { Machine } from '../host/machine.ts';
import type { Answer } from '../model/answer.ts';
import { Failure } from '../model/failure.ts';
import { inOrder } from '../words/order.ts';
import { plain } from '../words/text.ts';
import { type Ability, AS_ROOT } from './ability.ts';

const files = import.meta.glob<{ default: Ability }>('./abilities/*.ts', { eager: true });

export const abilities: readonly Ability[] = Object.values(files)
  .map((file) => file.default)
  .sort((a, b) => inOrder(a.name, b.name));

/** What one of them came to. */
export interface Tried {
  readonly name: string;
  readonly does: string;
  readonly able: boolean;
  /** Of one that is: a version or the like; of one that is not: why. */
  readonly says: string;
  /** The line that gets it; null where it is there, and where nothing that is installed would give it. */
  readonly get: string | null;
}

/** A part of netdoctor's own that is missing is an answer too. */
async function tried(attempt: () => Answer<string> | Promise<Answer<string>>) {
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

/** Tries all of them, side by side. */
export const tryAbilities = (machine: Machine): Promise<readonly Tried[]> =>
  Promise.all(
    abilities.map(async ({ name, does, attempt, get }): Promise<Tried> => {
      const answer = await tried(() => attempt(machine));
      if (answer instanceof Failure) {
        const { message, hint } = answer.problem;
        return { name, does, able: false, says: plain(message), get: plain(hint) };
      }
      if (answer.known) return { name, does, able: true, says: plain(answer.value), get: null };
      return {
        name,
        does,
        able: false,
        says: plain(answer.detail),
        get: answer.because === 'no-permission' ? AS_ROOT : answer.because === 'unsupported' ? null : get(),
      };
    }),
  );
