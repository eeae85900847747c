/** One run: witnesses armed, probes sent, and the waiting that ends as soon as the evidence decides. */
import type { Machine } from '../../host/machine.ts';
import { isHalfTold } from '../../kernel/drops.ts';
import { type Answer, known, notKnown } from '../../model/answer.ts';
import type { Event } from '../../model/event.ts';
import type { Drop } from '../../model/evidence.ts';
import type { Exchange, WantedData } from '../../model/exchange.ts';
import type { RuleHit } from '../../model/facts.ts';
import type { Flow } from '../../model/flow.ts';
import type { Netns } from '../../model/netns.ts';
import type { Passage, ProbeOutcome, Sighting, Unwatched } from '../../model/sighting.ts';
import { probeKindOf } from '../../probe/kinds.ts';
import { observedKind } from '../../probe/observed.ts';
import type { Step as TimedStep } from '../../witness/journey/follow.ts';
import { count as counted } from '../../words/text.ts';
import type { Gap } from '../gaps.ts';
import { lostProbe, type Step } from '../place.ts';
import { type Armed, type ArmPlan, arm } from './arm.ts';
import { waiting } from './decide.ts';
import { beginExchange, brokenOver, prepareExchange, toWatch } from './exchange.ts';
import { RunLog } from './log.ts';
import { awaitOutside, openObserver, outsideOutcome } from './observing.ts';
import { openSender } from './sending.ts';
import { isOwnShortage } from './shortage.ts';
import { checkSize, prepareSize, SIZES, type SizeResult } from './size.ts';

export interface RunPlan extends ArmPlan {
  readonly flow: Flow;
  readonly count: number;
  /** Milliseconds an answer from beyond this host is waited for, and the whole run may take. */
  readonly wait: number;
  readonly deadline: number;
  /** The namespace probes leave from, and the cgroup when its programs matter. */
  readonly netns: Netns | null;
  readonly cgroup?: string;
  /** A source port whose flow connection tracking has had before, unanswered. */
  readonly sourcePort?: number | null;
  /** Is a next hop being asked for already? */
  readonly resolving: boolean;
  /** Milliseconds a packet from outside is waited for. */
  readonly outside: number;
  /** What may be said over a connection. */
  readonly say?: WantedData;
}

export interface RunResult {
  readonly sightings: readonly Sighting[];
  readonly passages: readonly Passage[];
  readonly unwatched: readonly Unwatched[];
  readonly captured: ReadonlySet<string>;
  /** Hop id → why no capture ran there. */
  readonly blind: ReadonlyMap<string, string>;
  /** Of the probes that were asked for. */
  readonly outcomes: readonly ProbeOutcome[];
  /** Probes for which no source port was left beside those that were sent. */
  readonly unsent: number;
  readonly size: SizeResult | null;
  /** What became of data after the handshake; null where none was said. */
  readonly exchange: Exchange | null;
  readonly drops: Answer<readonly Drop[]>;
  /** Interfaces that the kernel said the probes crossed. */
  readonly steps: readonly Step[];
  readonly hits: Answer<readonly RuleHit[]>;
  readonly partlyBlind: Armed['partlyBlind'];
  /** What went by unseen while the run was under way. */
  readonly gaps: readonly Gap[];
  /** The captures died under way. */
  readonly lostSight: string | null;
  /** Milliseconds. */
  readonly arming: number;
  readonly probing: number;
  /** Resolves when everything that was armed has been taken back; it has begun already. */
  readonly dismantled: Promise<unknown>;
}

export async function runProbes(
  machine: Machine,
  plan: RunPlan,
  tell: (event: Event) => void,
  signal: AbortSignal,
): Promise<Answer<RunResult>> {
  const outside = plan.flow.from === 'outside';
  const kind = outside
    ? observedKind(plan.flow.proto === 'udp' ? 'udp' : 'tcp')
    : probeKindOf(plan.flow.proto);
  const count = outside ? 1 : plan.count;
  const started = machine.now();
  const log = new RunLog(machine, tell);
  const sender = outside
    ? known(openObserver(plan.flow, plan.path), [])
    : openSender(machine, {
        flow: plan.flow,
        kind,
        count,
        first: 0,
        netns: plan.netns,
        realDestination: plan.path.realDestination,
        ...(plan.cgroup ? { cgroup: plan.cgroup } : {}),
        sourcePort: plan.sourcePort ?? null,
        onOutcome: (outcome) => log.hear(outcome),
      });
  if (!sender.known) return sender;
  const size = outside ? null : prepareSize(machine, plan.flow, plan.path, plan.netns, count, log);
  const exchange = await prepareExchange(plan.flow, plan.say, count + SIZES);
  const probing = [
    { kind, sender: sender.value },
    ...(size ? [{ kind: probeKindOf('icmp'), sender: size.sender }] : []),
  ];
  const armed = await arm(machine, { ...plan, ...toWatch(exchange) }, probing, log);
  const arming = Number(machine.now() - started) / 1e6;
  let dismantled: Promise<unknown> | undefined;
  const dismantle = (): Promise<unknown> => {
    sender.value.close();
    size?.sender.close();
    dismantled ??= armed.dismantle();
    return dismantled;
  };
  const onSent = (probe: number, at: bigint): void => {
    log.noteSent(probe, at);
    if (armed.journey.known) armed.journey.value.sent(probe, at, log.origin);
    if (probe < count) tell({ type: 'sent', probe, of: count });
  };
  try {
    if (outside) {
      await awaitOutside(
        sender.value.run,
        log,
        plan.path.hops[0]?.id,
        plan.outside,
        () => machine.now(),
        signal,
      );
      // From here on the clock counts from the packet's arrival.
      const arrival = log.sightings.find((one) => one.kind === 'request')?.at ?? 0;
      onSent(0, log.origin + BigInt(Math.round(arrival * 1000)));
    }
    const sending = sender.value.send(onSent);
    const ended = enders(log, armed, count);
    const state = () => {
      if (outside) outsideOutcome(log, plan.path.hops[0]?.id);
      const { path, wait } = plan;
      const { sightings, outcomes, captured, sent } = log;
      const answeredByProgram = kind.socket === 'udp';
      const seen = {
        path,
        wait,
        count,
        sightings,
        outcomes,
        captured,
        sent,
        ended: ended(),
        answeredByProgram,
        resolving: plan.resolving,
      };
      return waiting(seen, log.now());
    };
    const deadline = plan.deadline + (outside ? plan.outside : 0);
    await log.wait(state, deadline, signal);
    await sending;
    // Nobody is called silent before the sockets themselves have been asked: a busy event loop tells late.
    sender.value.look();
    await log.wait(state, deadline, signal);
    // Nor is a packet called unseen before the captures have told all that they have.
    if (log.outcomes.size < count || lostProbe([...log.outcomes.values()])) {
      await armed.settle();
      await log.wait(state, deadline, signal);
    }
    const last = state();
    const gaps: Gap[] = [];
    if (!last.done && log.now() > deadline && !signal.aborted)
      gaps.push({
        of: 'time',
        what: last.what,
        because: 'the time of this diagnosis was up before it was decided',
      });
    for (let probe = 0; probe < count; probe++)
      log.hear({ probe, result: 'silent', microseconds: null, errno: null, says: null });
    const asked = [...log.outcomes.values()]
      .filter((one) => one.probe < count)
      .sort((a, b) => a.probe - b.probe);
    const outcomes = asked.filter((one) => !isOwnShortage(one, asked));
    const lost = lostProbe(outcomes);
    const around = {
      machine,
      sender: sender.value,
      log,
      netns: plan.netns,
      deadline: plan.deadline,
      signal,
      onSent,
      // A rule may drop an answer before any hop shows it.
      ended: (probe: number) => armed.rules.known && armed.rules.value.ended(probe),
    };
    const speaking = !lost && exchange ? beginExchange(exchange, around) : null;
    const sized =
      !lost && size && !signal.aborted
        ? await checkSize(size, sender.value.segment(), plan.path, log, onSent, plan.deadline, signal)
        : null;
    const thrownAway = sender.value.lost() + (size?.sender.lost() ?? 0);
    if (thrownAway > 0)
      gaps.push({
        of: 'answers',
        what: 'whether an answer reached the program that asked',
        because: `the kernel threw away ${counted(thrownAway, 'datagram')} for which its socket had no room`,
      });
    const spoken = speaking && !signal.aborted ? await speaking.end() : null;
    const traced = lost?.probe ?? brokenOver(spoken) ?? (sized?.vanished ? sized.probe : null);
    const steps = armed.journey.known ? armed.journey.value.read(log.sightings).steps : [];
    return known(
      {
        sightings: log.sightings,
        passages: armed.passages.read(log.origin),
        unwatched: armed.passages.unwatched(),
        captured: log.captured,
        blind: log.blind,
        outcomes: timed(outcomes, steps, plan.path.hops[0]?.id),
        unsent: asked.length - outcomes.length,
        size: sized,
        exchange: spoken,
        drops: dropsOf(log, armed),
        steps,
        hits: await hitsOf(log, armed, traced),
        partlyBlind: [...armed.partlyBlind, ...(armed.rules.known ? armed.rules.value.gaps() : [])],
        gaps,
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

/** Probes whose end the kernel has told already; each drop is told on as it comes. */
function enders(log: RunLog, armed: Armed, count: number): () => Set<number> {
  const told = new Set<string>();
  return () => {
    const done = new Set<number>();
    for (const drop of armed.journey.known ? armed.journey.value.read(log.sightings).drops : []) {
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

/** The kernel's own clock on the first hop tells a round trip better than a busy event loop. */
function timed(
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

/** Drops of probes that were not answered in the end: a copy that a bridge flooded elsewhere is no loss. */
function dropsOf(log: RunLog, { journey }: Armed): Answer<readonly Drop[]> {
  if (!journey.known) return journey;
  const { drops } = journey.value.read(log.sightings);
  const mine = drops.filter((drop) => log.outcomes.get(drop.probe)?.result !== 'answered');
  const { gap } = journey.value;
  return gap !== null && mine.length === 0
    ? notKnown('unreadable', gap, journey.source)
    : known(mine, journey.source);
}

/** Rules met by the probe somebody will ask about; their texts are looked up for no other. */
async function hitsOf(log: RunLog, armed: Armed, probe: number | null): Promise<Answer<readonly RuleHit[]>> {
  if (probe === null) return armed.rules.known ? known([], armed.rules.source) : armed.rules;
  const back = log.sightings.some((one) => one.probe === probe && one.kind === 'reply');
  const [traced, counted] = await Promise.all([
    armed.rules.known ? armed.rules.value.hits(probe) : undefined,
    armed.counters.hits(back ? 'reply' : 'request'),
  ]);
  if (!traced && !armed.rules.known) return counted.known ? counted : armed.rules;
  const hits = [...(traced ?? []), ...(counted.known ? counted.value : [])];
  for (const hit of hits) log.tell({ type: 'rule', hit });
  return known(hits, armed.rules.source);
}
