/** What a run has seen while nothing has come back to any of its probes: it is judged by, and still listens. */
import { known } from '../../model/answer.ts';
import type { ProbeOutcome } from '../../model/sighting.ts';
import type { Armed } from './arm.ts';
import type { RunLog } from './log.ts';
import type { RunPlan, RunResult } from './plan.ts';
import { dropsOf, type MetBy, readJourney } from './reading.ts';
import type { Sender } from './sending.ts';

export interface SoFar {
  readonly plan: RunPlan;
  readonly log: RunLog;
  readonly armed: Armed;
  readonly sender: Pick<Sender, 'run'>;
  readonly count: number;
  readonly met: MetBy;
}

/** So long an answer is listened for beyond `--wait` at most: the second SYN of a connection leaves a second after the first. Milliseconds. */
export const LONGEST = 1000;

const silent = (probe: number): ProbeOutcome => ({
  probe,
  result: 'silent',
  microseconds: null,
  errno: null,
  says: null,
});

/** Every probe left this host by the last hop, nothing on it ended one, and no answer to any was seen or heard. */
export function isSilentBeyond({ plan, log, count }: SoFar, ended: ReadonlySet<number>): boolean {
  const { path, flow } = plan;
  const last = path.hops.at(-1)?.id;
  if (flow.from === 'outside' || path.stages.at(-1) !== 'beyond' || log.outcomes.size > 0) return false;
  const left = new Set(
    log.sightings.filter(({ kind, hop }) => kind === 'request' && hop === last).map(({ probe }) => probe),
  );
  const isBack = log.sightings.some(({ kind }) => kind !== 'request' && kind !== 'neighbour');
  const all = Array.from({ length: count }, (_, probe) => probe);
  return !isBack && all.every((probe) => left.has(probe) && !ended.has(probe));
}

/** The result that the run would have if nothing more came. */
export async function soFar({ plan, log, armed, sender, count, met }: SoFar): Promise<RunResult> {
  const { steps } = readJourney(log, armed);
  return {
    sightings: log.sightings.toSorted((a, b) => a.at - b.at),
    passages: armed.passages.read(log.origin),
    unwatched: armed.passages.unwatched(),
    captured: new Set(log.captured),
    ports: sender.run.ports.filter((port) => port !== null),
    blind: log.blind,
    outcomes: Array.from({ length: count }, (_, probe) => silent(probe)),
    waited: plan.wait,
    answersLate: 0,
    unsent: 0,
    filled: null,
    size: null,
    exchange: null,
    untaken: null,
    drops: dropsOf(log, armed),
    steps: steps.filter(log.counts),
    hits: count > 0 ? await met(0) : known([], []),
    partlyBlind: armed.partlyBlind,
    gaps: [],
    lostSight: log.lostSight,
    arming: 0,
    probing: log.now(),
    dismantled: Promise.resolve(),
  };
}
