/** What the witnesses of a run have seen, read once it is over. */
import { isSameRule } from '../../kernel/rules.ts';
import { type Answer, known, notKnown } from '../../model/answer.ts';
import type { Drop } from '../../model/evidence.ts';
import type { RuleHit } from '../../model/facts.ts';
import type { Path } from '../../model/path.ts';
import { isAnswer, type ProbeOutcome } from '../../model/sighting.ts';
import type { Journey, Step as TimedStep } from '../../witness/journey/follow.ts';
import type { Armed } from './arm.ts';
import type { RunLog } from './log.ts';
import type { RunResult } from './plan.ts';
import type { Sender } from './sending.ts';
import { dropsInTime, hitsInTime } from './timeline.ts';

/** The kernel's own clock on the first hop tells a round trip better than a busy event loop. */
export function timed(
  outcomes: readonly ProbeOutcome[],
  steps: readonly TimedStep[],
  first: string | undefined,
): ProbeOutcome[] {
  return outcomes.map((outcome) => {
    const mine = steps.filter((step) => step.probe === outcome.probe && step.hop === first);
    const out = mine.find((step) => step.direction === 'request');
    const back = mine.findLast((step) => step.direction === 'reply');
    const trip = out && back ? back.at - out.at : null;
    const late =
      outcome.result === 'answered' &&
      trip !== null &&
      trip < (outcome.microseconds ?? Number.POSITIVE_INFINITY);
    return late ? { ...outcome, microseconds: trip } : outcome;
  });
}

/** Where the packets of a run were seen by now, and where somebody looked. */
export const seenBy = (
  log: RunLog,
  { passages, outer }: Pick<Armed, 'passages' | 'outer'>,
  { run }: Pick<Sender, 'run'>,
): Pick<RunResult, 'sightings' | 'passages' | 'outer' | 'unwatched' | 'captured' | 'ports' | 'blind'> => ({
  sightings: log.sightings.toSorted((a, b) => a.at - b.at),
  passages: passages.read(log.origin),
  outer: outer.read(log.origin),
  unwatched: passages.unwatched(),
  captured: log.captured,
  ports: run.ports.filter((port) => port !== null),
  blind: log.blind,
});

/** What the trace tells by now; nothing where there is none. */
export const readJourney = (
  { sightings, captured }: Pick<RunLog, 'sightings' | 'captured'>,
  { journey }: Pick<Armed, 'journey'>,
): Pick<Journey, 'steps' | 'drops'> =>
  journey.known ? journey.value.read(sightings, captured) : { steps: [], drops: [] };

/** How a probe ends whose sending call fails: connect(2) by an error, sendto(2) of a datagram or a ping at once. */
const UNMADE: ReadonlySet<ProbeOutcome['result'] | undefined> = new Set(['error', 'not-sent']);

/**
 * Drops of probes that were sent and not answered in the end: a copy that a bridge flooded elsewhere is no loss, and a packet of
 * the length of one that never left is a stranger's. Where no route leads, the sending call fails before there is a packet
 * (ip_route_connect(), net/ipv4/tcp_ipv4.c): what was freed beside it was never its own.
 */
export function dropsOf(log: RunLog, armed: Armed, { sourceRoute }: Path): Answer<readonly Drop[]> {
  const { journey } = armed;
  if (!journey.known) return journey;
  const { drops } = readJourney(log, armed);
  const wasMade = (probe: number): boolean =>
    sourceRoute.refusal === null || !UNMADE.has(log.outcomes.get(probe)?.result);
  const mine = drops.filter(
    ({ probe, hop }) =>
      log.sent[probe] !== undefined &&
      log.outcomes.get(probe)?.result !== 'answered' &&
      (hop !== null || wasMade(probe)),
  );
  const { gap } = journey.value;
  return gap !== null && mine.length === 0
    ? notKnown('unreadable', gap, journey.source)
    : known(dropsInTime(mine, log.sightings), journey.source);
}

export type MetBy = (probe: number | null) => Promise<Answer<readonly RuleHit[]>>;

/**
 * Rules met by a probe that somebody asks about: their texts are looked up for no other. Whoever asks again gets what was read,
 * and told, then; where an answer has been seen since, it has met rules of its own.
 */
export function metBy(log: RunLog, armed: Armed, path: Path): MetBy {
  const met = new Map<number | null, { readonly answers: number; readonly hits: ReturnType<MetBy> }>();
  return (probe) => {
    const answers = log.sightings.filter((one) => one.probe === probe && isAnswer(one)).length;
    const before = met.get(probe);
    if (before?.answers === answers) return before.hits;
    const hits = hitsOf(log, armed, probe, { path, earlier: before?.hits });
    met.set(probe, { answers, hits });
    return hits;
  };
}

interface Known {
  readonly path: Path;
  /** What was read, and told, before. */
  readonly earlier: ReturnType<MetBy> | undefined;
}

async function hitsOf(
  log: RunLog,
  armed: Armed,
  probe: number | null,
  { path, earlier }: Known,
): ReturnType<MetBy> {
  if (probe === null) return armed.rules.known ? known([], armed.rules.source) : armed.rules;
  const back = log.sightings.some((one) => one.probe === probe && one.kind === 'reply');
  const [traced, counted] = await Promise.all([
    armed.rules.known ? armed.rules.value.hits(probe, log.origin) : undefined,
    armed.counters.hits(back ? 'reply' : 'request'),
  ]);
  if (!traced && !armed.rules.known) return counted.known ? counted : armed.rules;
  const drops = dropsOf(log, armed, path);
  const hits = hitsInTime([...(traced ?? []), ...(counted.known ? counted.value : [])], {
    path,
    sightings: log.sightings,
    drops: drops.known ? drops.value : [],
  });
  const before = await earlier;
  const told = before?.known ? before.value : [];
  const isTold = ({ side, direction, rule }: RuleHit): boolean =>
    told.some((one) => one.side === side && one.direction === direction && isSameRule(one.rule, rule));
  for (const hit of hits) if (!isTold(hit)) log.tell({ type: 'rule', hit });
  return known(hits, armed.rules.source);
}
