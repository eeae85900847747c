/** What a run itself uses up: where it sends several probes, a program would have had the one that it needs. */
import { type Limit, limitBehind } from '../../kernel/limits.ts';
import { ends } from '../../kernel/rules.ts';
import type { Answer } from '../../model/answer.ts';
import type { RuleHit } from '../../model/facts.ts';
import type { ProbeOutcome } from '../../model/sighting.ts';
import { lostProbe } from '../place.ts';

const NO_PORT = /^(EADDRNOTAVAIL|EADDRINUSE|EAGAIN)$/;

/** A probe that finds no port since the probes before it have the last ones: one connection would have had one. */
export const isOwnShortage = (outcome: ProbeOutcome, all: readonly ProbeOutcome[]): boolean =>
  outcome.result === 'not-sent' &&
  NO_PORT.test(outcome.errno ?? '') &&
  all.some((one) => one.probe < outcome.probe && one.result !== 'not-sent');

/**
 * The limit of open connections that ended a probe while one before it was answered and stood: those of the run itself filled
 * it, and one connection passes. `metBy`: the rules that a probe met.
 */
export async function filledLimit(
  outcomes: readonly ProbeOutcome[],
  metBy: (probe: number) => Promise<Answer<readonly RuleHit[]>>,
): Promise<Limit | null> {
  const lost = lostProbe(outcomes);
  if (!lost || !outcomes.some((one) => one.probe < lost.probe && one.result === 'answered')) return null;
  const hits = await metBy(lost.probe);
  const end = hits.known ? hits.value.find(({ verdict }) => ends(verdict)) : undefined;
  const limit = hits.known && end ? limitBehind(hits.value, end) : null;
  return limit?.of === 'connections' ? limit : null;
}
