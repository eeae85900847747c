/** From the scene to the cause: every cause is examined, the one the evidence supports best is named. */

import { causes } from '../causes.ts';
import type { Answer } from '../model/answer.ts';
import type { Cause, Claim } from '../model/cause.ts';
import type { Unknown } from '../model/evidence.ts';
import type { Facts, Need } from '../model/facts.ts';
import type { Scene } from '../model/scene.ts';

export type Gathered = { readonly [N in Need]?: Answer<Facts[N]> };

export interface Claimed {
  readonly cause: Cause;
  readonly claim: Claim;
}

export interface Judgement {
  /** The cause first, then what else was claimed. */
  readonly claims: readonly Claimed[];
  readonly unknown: readonly Unknown[];
}

export const allNeeds = (): Need[] => [...new Set(causes.flatMap((cause) => [...cause.needs]))];

/** A cause that lacks a need, or throws, is unknown; it is never silently passed over. */
export function judge(scene: Scene, facts: Gathered): Judgement {
  const claims: Claimed[] = [];
  const unknown: Unknown[] = [];
  for (const cause of causes) {
    const missing = cause.needs
      .map((need) => [need, facts[need]] as const)
      .find(([, answer]) => !answer?.known);
    if (missing) {
      const [need, answer] = missing;
      const because = answer && !answer.known ? answer.detail : 'it was not gathered';
      unknown.push({ what: `whether it is ${cause.id}`, because: `${need}: ${because}` });
      continue;
    }
    const view: Record<string, unknown> = { ...scene };
    for (const need of cause.needs) view[need] = (facts[need] as { value: unknown }).value;
    try {
      const claim = cause.examine(view as unknown as Scene & Facts);
      if (claim) claims.push({ cause, claim });
    } catch (error) {
      unknown.push({
        what: `whether it is ${cause.id}`,
        because: `its examination failed: ${(error as Error).message}`,
      });
    }
  }
  return { claims: rank(claims), unknown };
}

/** Does `a` take precedence over `b`, directly or through others claimed? */
function over(a: Cause, b: Cause, among: ReadonlyMap<string, Cause>, visited = new Set<string>()): boolean {
  for (const id of a.over ?? []) {
    if (id === b.id) return true;
    const next = among.get(id);
    if (next && !visited.has(id)) {
      visited.add(id);
      if (over(next, b, among, visited)) return true;
    }
  }
  return false;
}

/** The specific before the general, the proved before the supported. */
function rank(claims: readonly Claimed[]): Claimed[] {
  const among = new Map(causes.map((cause) => [cause.id, cause]));
  const beaten = (one: Claimed): number =>
    claims.filter((other) => other !== one && over(other.cause, one.cause, among)).length;
  const proved = (one: Claimed): number => (one.claim.sure === 'proved' ? 0 : 1);
  return claims
    .map((one) => ({ one, beaten: beaten(one) }))
    .sort((a, b) => a.beaten - b.beaten || proved(a.one) - proved(b.one))
    .map(({ one }) => one);
}
