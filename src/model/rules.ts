/** Reading the rules a probe met. */
import type { RuleHit } from './facts.ts';
import type { Scene } from './scene.ts';

const ENDS = /^(drop|reject|policy drop|queue|stolen)/;

/** Does this verdict end a packet's way? */
export const ends = (verdict: string): boolean => ENDS.test(verdict);

/**
 * The rule or policy that ended the probe in the direction in which it is lost, or undefined. Where a rule let some
 * probes pass and ended others, the first end counts.
 */
export function endingHit(scene: Scene & { readonly ruleHits: readonly RuleHit[] }): RuleHit | undefined {
  const direction = scene.place?.direction ?? 'request';
  return scene.ruleHits.find((hit) => ends(hit.verdict) && hit.direction === direction);
}
