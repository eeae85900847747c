/** What a run has seen while answers from beyond this host may still come: it is judged by, and still listens. */
import { known } from '../../model/answer.ts';
import { isAnswer, silent } from '../../model/sighting.ts';
import type { Armed } from './arm.ts';
import type { RunLog } from './log.ts';
import type { RunPlan, RunResult } from './plan.ts';
import { dropsOf, type MetBy, readJourney, seenBy } from './reading.ts';
import type { Sender } from './sending.ts';

export interface SoFar {
  readonly plan: RunPlan;
  readonly log: RunLog;
  readonly armed: Armed;
  readonly sender: Pick<Sender, 'run'>;
  readonly count: number;
  readonly met: MetBy;
}

/**
 * So long an answer is listened for beyond `--wait` at most: the third SYN of a connection leaves two seconds after the first
 * since Linux 6.5 (tcp_syn_linear_timeouts), and far ends that are two seconds away there are. Milliseconds.
 */
export const LONGEST = 2000;

/**
 * Every probe left this host by the last hop, nothing on it ended one, and no answer to any was seen or heard; or to some, and so
 * late that those to the others may still come.
 */
export function isSilentBeyond({ plan, log, count }: SoFar, ended: ReadonlySet<number>): boolean {
  const { path, flow, wait } = plan;
  const last = path.hops.at(-1)?.id;
  if (flow.from === 'outside' || path.stages.at(-1) !== 'beyond') return false;
  const all = Array.from({ length: count }, (_, probe) => probe);
  const isLate = (probe: number): boolean => {
    const back = log.sightings.find((one) => one.probe === probe && one.hop === last && one.kind === 'reply');
    return back !== undefined && back.at / 1000 - (log.sent[probe] ?? 0) > wait / 2;
  };
  const isOpen = (probe: number): boolean => {
    const mine = log.sightings.filter((one) => one.probe === probe);
    const hasLeft = mine.some(({ kind, hop }) => kind === 'request' && hop === last);
    return hasLeft && !ended.has(probe) && !mine.some(isAnswer);
  };
  const heard = all.filter((probe) => log.outcomes.has(probe));
  const unheard = all.filter((probe) => !log.outcomes.has(probe));
  const isAnswered = (probe: number): boolean => log.outcomes.get(probe)?.result === 'answered';
  return unheard.length > 0 && unheard.every(isOpen) && heard.every((one) => isAnswered(one) && isLate(one));
}

/** Is it no other than it was when it was judged by what had been seen so far? What was asked about that holds for this one then. */
export const isStillSilent = ({
  outcomes,
  sightings,
  drops,
}: Pick<RunResult, 'outcomes' | 'sightings' | 'drops'>): boolean =>
  outcomes.every(({ result }) => result === 'silent') &&
  !sightings.some(isAnswer) &&
  !(drops.known && drops.value.length > 0);

/** The result that the run would have if nothing more came. */
export async function soFar({ plan, log, armed, sender, count, met }: SoFar): Promise<RunResult> {
  const { steps } = readJourney(log, armed);
  const open = Array.from({ length: count }, (_, probe) => probe).find((probe) => !log.outcomes.has(probe));
  return {
    ...seenBy(log, armed, sender),
    captured: new Set(log.captured),
    outcomes: Array.from({ length: count }, (_, probe) => log.outcomes.get(probe) ?? silent(probe)),
    waited: plan.wait,
    answersLate: null,
    unsent: 0,
    filled: null,
    size: null,
    exchange: null,
    untaken: null,
    drops: dropsOf(log, armed, plan.path),
    steps: steps.filter(log.counts),
    hits: open === undefined ? known([], []) : await met(open),
    partlyBlind: armed.partlyBlind,
    gaps: [],
    lostSight: log.lostSight,
    arming: 0,
    probing: log.now(),
    dismantled: Promise.resolve(),
  };
}
