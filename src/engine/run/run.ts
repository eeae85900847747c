/** One run: witnesses armed, probes sent, and what was seen when it is decided. */
import type { Machine } from '../../host/machine.ts';
import { isConsequence } from '../../kernel/drops.ts';
import type { Limit } from '../../kernel/limits.ts';
import { type Answer, known, mapAnswer, notKnown } from '../../model/answer.ts';
import type { Event } from '../../model/event.ts';
import type { LateAnswers } from '../../model/late-answers.ts';
import { type ProbeOutcome, silent } from '../../model/sighting.ts';
import { probeKindOf } from '../../probe/kinds.ts';
import { REPEATED } from '../../witness/control.ts';
import { count as counted } from '../../words/text.ts';
import type { Gap } from '../gaps.ts';
import { lostProbe } from '../place.ts';
import { answeredLate, together } from './answered-late.ts';
import { type Armed, arm } from './arm.ts';
import { awaitArrival, unwatched } from './arrival.ts';
import { beginExchange, brokenOver, toWatch } from './exchange.ts';
import { RunLog } from './log.ts';
import { onlyClient } from './only-client.ts';
import { forgetLearned, learnedOf } from './path-mtu.ts';
import type { RunPlan, RunResult } from './plan.ts';
import { type Prepared, prepare } from './prepare.ts';
import { dropsOf, metBy, readJourney, seenBy, timed } from './reading.ts';
import { sentAgain } from './sent-again.ts';
import { filledLimit, isOwnShortage } from './shortage.ts';
import { checkSize } from './size.ts';
import { Standing } from './standing.ts';
import { untaken } from './taken.ts';
import { endUnanswered } from './unanswered.ts';
import { toSettle, untilDecided } from './until-decided.ts';

/** Less would call a packet lost that crosses a host. Milliseconds. */
const LEAST = 200;
/** So long a capture may be behind. Milliseconds. */
const TELLING = 250;

/** What every step of a run has at hand. */
interface Run extends Prepared {
  readonly machine: Machine;
  readonly plan: RunPlan;
  readonly log: RunLog;
  readonly armed: Armed;
  readonly signal: AbortSignal;
  readonly onSent: (probe: number, at: bigint) => void;
}

export async function runProbes(
  machine: Machine,
  asked: RunPlan,
  tell: (event: Event) => void,
  signal: AbortSignal,
): Promise<Answer<RunResult>> {
  const started = machine.now();
  const log = new RunLog(machine, tell);
  const prepared = await prepare(machine, asked, log);
  if (!prepared.known) return prepared;
  const { kind, count, sender, size, exchange } = prepared.value;
  const probing = [{ kind, sender }, ...(size ? [{ kind: probeKindOf('icmp'), sender: size.sender }] : [])];
  const watch = { ...asked, ...toWatch(exchange) };
  const standing = await Standing.up(() => arm(machine, watch, probing, log, signal));
  const arming = Number(machine.now() - started) / 1e6;
  // The clock of a run counts from its first probe; the time that is there for it does not.
  const plan = { ...asked, deadline: Math.max(LEAST, asked.deadline - arming) };
  const dismantle = (): Promise<unknown> => {
    sender.close();
    size?.sender.close();
    return standing.down();
  };
  const onSent = (probe: number, at: bigint): void => {
    log.noteSent(probe, at);
    const { journey } = standing.armed;
    if (journey.known) journey.value.sent(probe, at, log.origin);
    if (probe < count) tell({ type: 'sent', probe, of: count });
  };
  if (signal.aborted) {
    await dismantle();
    return notKnown('timeout', 'its path could be watched', []);
  }
  try {
    const { path, elsewhere, visitor } = plan;
    const waits = { machine, path, log, kind, run: sender.run, standing, elsewhere, visitor, signal };
    const isAwaited = plan.flow.from === 'outside';
    const come = isAwaited ? await awaitArrival({ ...waits, patience: plan.outside }) : null;
    const { armed } = standing;
    const run: Run = { ...prepared.value, machine, plan, log, armed, signal, onSent };
    if (isAwaited) begun(run);
    const met = metBy(log, armed, plan.path);
    const { late, waited } = await untilDecided({ ...run, met, sending: sender.send(onSent) });
    await untilSeen(run);
    const answersLate = takenBack(run);
    const asked = heard(run);
    if (!isAwaited) endUnanswered(log, asked, waited);
    const tried = asked.filter((one) => !isOwnShortage(one, asked));
    const filled = await filledLimit(tried, met);
    const client = onlyClient(run, tried);
    const outcomes = without(tried, filled, client);
    const spared = new Set(tried.filter((one) => !outcomes.includes(one)).map(({ probe }) => probe));
    const lost = lostProbe(outcomes);
    const { sized, spoken, full, path: width, taken } = await afterwards(run, lost);
    await armed.caughtUp();
    const traced = lost?.probe ?? brokenOver(spoken) ?? (sized?.vanished ? sized.probe : null);
    const steps = readJourney(log, armed).steps.filter(log.counts);
    return known(
      {
        ...seenBy(log, armed, sender),
        outcomes: timed(outcomes, steps, plan.path.hops[0]?.id),
        waited,
        answersLate,
        unsent: asked.length - tried.length,
        filled,
        size: sized,
        exchange: spoken,
        untaken: taken.left,
        drops: mapAnswer(dropsOf(log, armed, plan.path), (all) =>
          all.filter(({ probe }) => !spared.has(probe)),
        ),
        steps,
        hits: await met(traced),
        partlyBlind: [...armed.partlyBlind, ...(armed.rules.known ? armed.rules.value.gaps() : [])],
        gaps: [late, full, client, width, taken.gap, come === 'served' ? unwatched(path) : null].filter(
          (gap) => gap !== null,
        ),
        lostSight: log.lostSight,
        arming,
        probing: log.now(),
        dismantled: dismantle(),
      },
      [],
    );
  } catch (error) {
    await dismantle();
    throw error;
  }
}

/** Those that the run itself did not keep from coming through. */
function without(
  tried: readonly ProbeOutcome[],
  filled: Limit | null,
  client: Gap | null,
): readonly ProbeOutcome[] {
  if (filled) return tried.filter(({ result }) => result === 'answered');
  return client ? tried.filter(({ result }) => result !== 'refused') : tried;
}

/** The clock of somebody else's packet counts from its arrival. */
function begun({ log, onSent }: Run): void {
  const at = log.sightings.find((one) => one.kind === 'request')?.at ?? 0;
  onSent(0, log.origin + BigInt(Math.round(at * 1000)));
}

/** An answer that came so late that its SYN may have been sent again is to be seen on the last hop, which tells which it is for. */
async function untilSeen({ log, plan, count, signal }: Run): Promise<void> {
  const last = plan.path.hops.at(-1)?.id ?? '';
  const limit = log.now() + TELLING;
  const isOpen = (probe: number): boolean =>
    log.outcomes.get(probe)?.result === 'answered' &&
    !log.sightings.some((one) => one.probe === probe && one.hop === last && one.kind === 'reply');
  const late = log.sent.flatMap((sent, probe) =>
    probe < count && sent !== undefined && (log.now() - sent) * 1000 > REPEATED && isOpen(probe)
      ? [probe]
      : [],
  );
  if (plan.flow.proto !== 'tcp' || late.length === 0 || !log.captured.has(last)) return;
  await log.wait(
    () => ({
      done: !late.some(isOpen) || log.now() >= limit,
      until: limit,
      what: 'captures to show its answer',
    }),
    plan.deadline,
    signal,
  );
}

/** Those that were answered only when they had been sent again are lost ones. Returns those of them that were beyond this host. */
function takenBack(run: Run): LateAnswers | null {
  const { armed, log, plan } = run;
  const told = { path: plan.path, outcomes: heard(run), sightings: log.sightings };
  const here = sentAgain({ ...told, drops: readJourney(log, armed).drops });
  const passages = armed.passages.read(log.origin);
  const beyond = here.length === 0 && plan.flow.proto === 'tcp' ? answeredLate({ ...told, passages }) : [];
  for (const { probe, until } of [...here, ...beyond]) log.takeBack(probe, until);
  return together(beyond);
}

/** What became of each probe that was asked for; those that nobody spoke of are silent. */
function heard({ log, count }: Run): ProbeOutcome[] {
  for (let probe = 0; probe < count; probe++) log.hear(silent(probe));
  return [...log.outcomes.values()].filter((one) => one.probe < count).sort((a, b) => a.probe - b.probe);
}

/** Where small probes came through: do large ones, and data over a connection? And was every answer read? */
async function afterwards(run: Run, lost: ProbeOutcome | undefined) {
  const { machine, plan, log, armed, sender, size, exchange, signal, onSent } = run;
  const around = {
    machine,
    sender,
    log,
    netns: plan.netns,
    deadline: plan.deadline,
    wait: plan.wait,
    held: plan.queues.length > 0 ? plan.wait : 0,
    signal,
    onSent,
    // A rule may drop an answer before any hop shows it.
    ended: (probe: number) => armed.rules.known && armed.rules.value.ended(probe),
    settle: () => armed.settle(toSettle(plan.deadline, log.now())),
  };
  // What would become of its long packets is read from the rules.
  if (!lost && plan.flow.proto !== 'icmp') plan.foresee?.('size');
  const speaking = !lost && exchange ? beginExchange(exchange, around) : null;
  const way = { netns: plan.netns, to: plan.flow.address };
  const isSized = !lost && size !== null && !signal.aborted;
  const learned = isSized ? learnedOf(machine, way) : null;
  const sized = isSized
    ? await checkSize(size, { ...around, path: plan.path, segment: sender.segment(), gone: goneHere(run) })
    : null;
  // Whoever speaks over a new connection is to meet the way as it was.
  const path = sized && (learned || !sized.answered) ? await forgetLearned(machine, way, learned) : null;
  const full = fullSockets(run);
  const spoken = speaking && !signal.aborted ? await speaking.end() : null;
  const opening = exchange?.talk.opening ?? new Uint8Array();
  const exchanged = { machine, plan, sender, log, exchange: spoken, opening, signal };
  const taken = !lost && !signal.aborted ? await untaken(exchanged) : { left: null, gap: null };
  return { sized, spoken, full, path, taken };
}

/** Did a rule end it, or the kernel throw it away on the path? */
const goneHere =
  ({ armed, log }: Run) =>
  (probe: number): boolean =>
    (armed.rules.known && armed.rules.value.ended(probe)) ||
    readJourney(log, armed).drops.some(
      (one) => one.probe === probe && one.hop !== null && !isConsequence(one),
    );

function fullSockets({ sender, size }: Run): Gap | null {
  const thrownAway = sender.lost() + (size?.sender.lost() ?? 0);
  if (thrownAway === 0) return null;
  return {
    of: 'answers',
    what: 'whether an answer reached the program that asked',
    because: `the kernel threw away ${counted(thrownAway, 'datagram')} for which its socket had no room`,
  };
}
