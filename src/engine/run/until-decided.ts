/** The waiting of a run, which ends as soon as the evidence decides. */
import { isHalfTold } from '../../kernel/drops.ts';
import type { Gap } from '../gaps.ts';
import { lostProbe } from '../place.ts';
import type { Armed } from './arm.ts';
import { doubt, type Seen, waiting } from './decide.ts';
import type { RunLog, Waiting } from './log.ts';
import { outsideOutcome } from './observing.ts';
import type { RunPlan } from './plan.ts';
import type { Prepared } from './prepare.ts';
import { type MetBy, readJourney } from './reading.ts';
import { isSilentBeyond, LONGEST, soFar } from './so-far.ts';

/** What the witnesses are given when the time is up, to tell what they have. Milliseconds. */
const LATE = 100;

/** Milliseconds that the witnesses may take to tell what they have. */
export const toSettle = (deadline: number, now: number): number => Math.max(LATE, deadline - now);

export interface Waited extends Prepared {
  readonly plan: RunPlan;
  readonly log: RunLog;
  readonly armed: Armed;
  readonly signal: AbortSignal;
  /** Resolves when every probe has been sent. */
  readonly sending: Promise<unknown>;
  readonly met: MetBy;
}

export interface Decided {
  /** What went by unseen: null where the time was not up before it was decided. */
  readonly late: Gap | null;
  /** Until when answers were waited for. Milliseconds. */
  readonly waited: number;
}

export async function untilDecided(run: Waited): Promise<Decided> {
  const { plan, log, armed, signal, sender, count } = run;
  const ended = enders(log, armed, count);
  const beyond: Beyond = { wait: plan.wait };
  const state = stateOf(run, ended, beyond);
  const deadline = plan.deadline + (plan.flow.from === 'outside' ? plan.outside : 0);
  const waiting = (): Promise<void> => log.wait(state, deadline, signal);
  const heardOut = async (): Promise<number> => {
    await waiting();
    // Nobody is called silent before the sockets themselves have been asked: a busy event loop tells late.
    sender.look();
    await waiting();
    const waited = log.now();
    // Nor is a packet called unseen before the captures have told all that they have.
    if (log.outcomes.size < count || lostProbe([...log.outcomes.values()])) {
      await armed.settle(toSettle(deadline, log.now()));
      await waiting();
    }
    return waited;
  };
  await waiting();
  await run.sending;
  let waited = await heardOut();
  if (plan.listenOn && isSilentBeyond(run, ended())) {
    const listen = (longer: number): void => {
      beyond.wait = plan.wait + longer;
      log.changed();
    };
    listen(LONGEST);
    // Whatever became of the judging, the verdict itself tells.
    void plan.listenOn(await soFar(run)).then(listen, () => listen(0));
    waited = await heardOut();
    // Who has less time listens on for less: that leaves nothing open.
    beyond.wait = plan.wait;
  }
  const last = state();
  if (last.done || (log.now() <= deadline && !signal.aborted)) return { late: null, waited };
  const late: Gap = {
    of: 'time',
    what: last.what,
    because: 'the time of this diagnosis was up before it was decided',
  };
  return { late, waited };
}

/** How long an answer from beyond this host is waited for, as of now. Milliseconds. */
interface Beyond {
  wait: number;
}

/** Is it decided by now, and if not, what is waited for? */
function stateOf(
  { plan, log, armed, kind, count }: Waited,
  ended: () => Set<number>,
  beyond: Beyond,
): () => Waiting {
  let isDoubted = false;
  const otherWay = {
    answerTo: (source: string, port: number | null) => plan.elsewhere?.answerTo(source, port) ?? null,
    passages: () => armed.passages.read(log.origin),
  };
  return () => {
    if (plan.flow.from === 'outside') outsideOutcome(log, plan.path.hops[0]?.id, otherWay);
    const { path, resolving, proxied, queues } = plan;
    const { wait } = beyond;
    const { sightings, outcomes, captured, sent } = log;
    const answeredByProgram = kind.socket === 'udp';
    const seen: Seen = {
      path,
      wait,
      count,
      sightings,
      outcomes,
      captured,
      sent,
      ended: ended(),
      answeredByProgram,
      resolving,
      proxied,
      queues,
    };
    const now = log.now();
    const doubted = isDoubted ? null : doubt(seen);
    if (!doubted) return waiting(seen, now);
    isDoubted = doubted.at <= now;
    if (isDoubted) beDoubtful(doubted.probe, seen.ended, { plan, armed });
    return isDoubted ? waiting(seen, now) : { ...waiting(seen, now), look: doubted.at };
  };
}

/** What will be asked about a lost probe, and does not change with what becomes of it, is asked while it is waited for. */
function beDoubtful(
  probe: number,
  ended: ReadonlySet<number>,
  { plan, armed }: Pick<Waited, 'plan' | 'armed'>,
): void {
  const rules = armed.rules.known ? armed.rules.value : null;
  // The kernel tells of the drop and of its rule by two ways, and the drop may be heard of first.
  rules?.look();
  // Where the kernel told of its end, no other rules are asked about than those that were met.
  if (!ended.has(probe) && !rules?.ended(probe)) plan.foresee?.('probe');
  rules?.foresee(probe);
}

/** Probes whose end the kernel has told already; each drop is told on as it comes. */
function enders(log: RunLog, armed: Armed, count: number): () => Set<number> {
  const told = new Set<string>();
  return () => {
    const done = new Set<number>();
    for (const drop of readJourney(log, armed).drops) {
      // Too little is told to say that this was the end of it.
      if (!isHalfTold(drop)) done.add(drop.probe);
      const key = `${drop.probe} ${drop.function}`;
      if (!told.has(key)) log.tell({ type: 'drop', drop });
      told.add(key);
    }
    for (let probe = 0; probe < count; probe++)
      if (armed.rules.known && armed.rules.value.ended(probe)) done.add(probe);
    return done;
  };
}
