import { expect, it } from 'vitest';
import { filledLimit } from '../../../src/engine/run/shortage.ts';
import { known, notKnown } from '../../../src/model/answer.ts';
import type { RuleHit } from '../../../src/model/facts.ts';
import type { ProbeOutcome } from '../../../src/model/sighting.ts';

const outcomes = (...results: ProbeOutcome['result'][]): ProbeOutcome[] =>
  results.map((result, probe) => ({ probe, result, microseconds: null, errno: null, says: null }));
const hit = (text: string): RuleHit =>
  ({
    side: 'host',
    probe: 1,
    direction: 'request',
    verdict: 'reject',
    rule: { engine: 'iptables-nft', chain: 'DOCKER-USER', text },
  }) as unknown as RuleHit;
const LIMIT = '-A DOCKER-USER -p tcp -m connlimit --connlimit-above 4 -j REJECT';
const met = (text: string) => async () => known([hit(text)], []);

it('a limit of open connections that ends only those after one that was answered was filled by the probes themselves', async () => {
  const filled = await filledLimit(outcomes('answered', 'refused', 'refused'), met(LIMIT));
  expect(filled).toMatchObject({ of: 'connections', most: 'more than 4 open connections at once' });
});

it('a limit that ends the first of them is in the way of a program too', async () => {
  expect(await filledLimit(outcomes('refused', 'refused', 'refused'), met(LIMIT))).toBeNull();
});

it('what another rule ended, and what nobody could look at, is no limit', async () => {
  const partly = outcomes('answered', 'refused', 'refused');
  expect(await filledLimit(partly, met('-A DOCKER-USER -p tcp -j REJECT'))).toBeNull();
  expect(await filledLimit(partly, met('-m hashlimit --hashlimit-above 1/s -j DROP'))).toBeNull();
  expect(await filledLimit(partly, async () => notKnown('not-asked', 'no trace', []))).toBeNull();
});
