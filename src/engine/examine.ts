/** One cause is shown the scene, and of the facts that it needs those that it reaches for. */
import type { Answers } from '../discover/facts.ts';
import type { Cause, Claim } from '../model/cause.ts';
import type { Facts, Need } from '../model/facts.ts';
import type { Scene } from '../model/scene.ts';

/** What it claims; the first fact that it reached for and that is not known; or how it broke down. */
export type Examined =
  | { readonly claim: Claim | null }
  | { readonly lacks: Need }
  | { readonly failed: string };

/** Thrown where a cause reaches for what is not known. */
class Lacking {
  readonly need: Need;
  constructor(need: Need) {
    this.need = need;
  }
}

/** The scene with the facts that the cause needs, each read when it is reached for. */
export function viewOf(cause: Cause, scene: Scene, facts: Answers): Scene & Facts {
  const view = { ...scene };
  for (const need of cause.needs)
    Object.defineProperty(view, need, {
      enumerable: true,
      get: () => {
        const answer = facts[need];
        if (!answer?.known) throw new Lacking(need);
        return answer.value;
      },
    });
  return view as Scene & Facts;
}

/** A cause that looks at what was seen first reaches for nothing where that says it is not the one. */
export function examine(cause: Cause, scene: Scene, facts: Answers): Examined {
  try {
    return { claim: cause.examine(viewOf(cause, scene, facts)) };
  } catch (error) {
    return error instanceof Lacking ? { lacks: error.need } : { failed: (error as Error).message };
  }
}
