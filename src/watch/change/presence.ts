/** Is the target still the one that is watched? A container that was started again is another, under the same name. */
import type { Machine } from '../../host/machine.ts';
import type { Target } from '../../model/target.ts';
import { findTarget, stillThere } from '../../targets/target.ts';

/** In the words of a change; null: it is not there. */
export const presenceOf = ({ runtime, pid, netns }: Target): string =>
  pid === null ? `${runtime}, namespace ${netns.inode}` : `${runtime}, pid ${pid}`;

/** The target of that name now: the same, another one, or none. */
export async function lookAgain(machine: Machine, target: Target, name: string): Promise<Target | null> {
  if (stillThere(machine, target)) return target;
  try {
    return await findTarget(machine, name);
  } catch {
    // Not now, and perhaps later.
    return null;
  }
}
