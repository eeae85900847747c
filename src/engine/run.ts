/** One run: witnesses armed, probes sent, and the waiting that ends as soon as the evidence decides. */
import type { Machine } from '../host/machine.ts';
import { type Answer, notKnown } from '../model/answer.ts';
import type { Event } from '../model/event.ts';
import type { Drop } from '../model/evidence.ts';
import type { RuleHit, Side } from '../model/facts.ts';
import type { Flow } from '../model/flow.ts';
import type { Netns } from '../model/netns.ts';
import type { Path } from '../model/path.ts';
import type { ProbeOutcome, Sighting } from '../model/sighting.ts';
import { probeKindOf } from '../probe/kinds.ts';
import { armCaptures } from '../witness/capture.ts';
import type { Instance } from '../witness/journey/instance.ts';
import { armJourney, type JourneyWitness } from '../witness/journey.ts';
import { armRules, type LookUp, type RuleWitness, type Scope } from '../witness/rule.ts';
import { waiting } from './decide.ts';
import { lostProbe } from './place.ts';
import { openSender } from './sending.ts';

export interface RunPlan {
  readonly path: Path;
  readonly flow: Flow;
  readonly count: number;
  /** Milliseconds. */
  readonly wait: number;
  readonly deadline: number;
  readonly trace: boolean;
  /** The tracing instance, opened beside the discovery. */
  readonly tracing: Promise<Answer<Instance>>;
  /** The namespace probes leave from. */
  readonly netns: Netns | null;
  readonly scopes: readonly Scope[];
  readonly length?: number;
  readonly cgroup?: string;
  readonly lookUp: LookUp;
}

export interface RunResult {
  readonly sightings: readonly Sighting[];
  readonly captured: ReadonlySet<string>;
  /** Hop id → why no capture ran there. */
  readonly blind: ReadonlyMap<string, string>;
  readonly outcomes: readonly ProbeOutcome[];
  readonly drops: Answer<readonly Drop[]>;
  readonly hits: Answer<readonly RuleHit[]>;
  readonly partlyBlind: readonly { side: Side; because: string }[];
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
  const kind = probeKindOf(plan.flow.proto);
  const started = machine.now();
  const since = (from: bigint): number => Number(machine.now() - from) / 1e6;
  const outcomes = new Map<number, ProbeOutcome>();
  const sightings: Sighting[] = [];
  const captured = new Set<string>();
  const blind = new Map<string, string>();
  const sent: (number | undefined)[] = [];
  const told = new Set<string>();
  let lostSight: string | null = null;
  let wake = (): void => {};
  const changed = (): void => wake();

  const hear = (outcome: ProbeOutcome): void => {
    if (outcomes.has(outcome.probe)) return;
    outcomes.set(outcome.probe, outcome);
    tell({ type: 'outcome', outcome });
    changed();
  };
  const sender = openSender(machine, {
    flow: plan.flow,
    kind,
    count: plan.count,
    netns: plan.netns,
    realDestination: plan.path.realDestination,
    ...(plan.length ? { length: plan.length } : {}),
    ...(plan.cgroup ? { cgroup: plan.cgroup } : {}),
    onOutcome: hear,
  });
  if (!sender.known) return sender;
  const { run } = sender.value;
  const first = plan.path.hops[0]?.id;

  const capture = armCaptures(machine, plan.path, kind, run, {
    sighting(sighting) {
      sightings.push(sighting);
      tell({ type: 'sighting', sighting });
      // A raw socket hears no ICMP errors: what reaches the sender's own interface is its answer.
      if (
        (sighting.kind === 'error' || sighting.kind === 'refusal') &&
        sighting.hop === first &&
        kind.socket === 'icmp'
      )
        hear({
          probe: sighting.probe,
          result: 'error',
          microseconds: null,
          errno: null,
          says: sighting.says,
        });
      changed();
    },
    armed(hop, because) {
      if (because === null) captured.add(hop);
      else blind.set(hop, because);
      tell({ type: 'armed', witness: 'capture', at: hop, because });
    },
    ended(because) {
      lostSight = because;
      for (const hop of captured) blind.set(hop, because);
      captured.clear();
      changed();
    },
  });
  const notAsked = notKnown('not-asked', 'switched off by --no-trace', []);
  const instance = await plan.tracing;
  const journey: Answer<JourneyWitness> = instance.known
    ? armJourney(machine, instance.value, {
        path: plan.path,
        family: plan.flow.family,
        lengths: run.lengths,
        own: kind.ownLength,
        onChange: changed,
      })
    : instance;
  const rules = plan.trace
    ? await armRules(machine, plan.scopes, run, plan.lookUp, changed)
    : { witness: notAsked as Answer<RuleWitness>, refusals: [] };
  await capture.ready;
  tell({ type: 'armed', witness: 'journey', at: null, because: journey.known ? null : journey.detail });
  tell({
    type: 'armed',
    witness: 'rule',
    at: null,
    because: rules.witness.known ? null : rules.witness.detail,
  });

  const arming = since(started);
  const origin = machine.now();
  capture.origin = origin;
  const read = () => (journey.known ? journey.value.read(sightings) : undefined);
  const ended = (): Set<number> => {
    const done = new Set<number>();
    for (const drop of read()?.drops ?? []) {
      done.add(drop.probe);
      const key = `${drop.probe} ${drop.function}`;
      if (!told.has(key)) tell({ type: 'drop', drop });
      told.add(key);
    }
    for (let probe = 0; probe < plan.count; probe++)
      if (rules.witness.known && rules.witness.value.ended(probe)) done.add(probe);
    return done;
  };

  let dismantled: Promise<unknown> | undefined;
  const dismantle = (): Promise<unknown> => {
    dismantled ??= Promise.all([
      capture.stop(),
      journey.known ? journey.value.stop() : undefined,
      rules.witness.known ? rules.witness.value.stop() : undefined,
    ]);
    sender.value.close();
    return dismantled;
  };
  try {
    const sending = sender.value.send((probe, at) => {
      if (probe === 0) capture.origin = at;
      sent[probe] = Number(at - capture.origin) / 1e6;
      if (journey.known) journey.value.sent(probe, at);
      tell({ type: 'sent', probe, of: plan.count });
    });
    for (let shown = ''; !signal.aborted && lostSight === null; ) {
      const now = since(origin);
      const state = waiting(
        {
          path: plan.path,
          count: plan.count,
          sent,
          outcomes,
          sightings,
          captured,
          ended: ended(),
          answeredByProgram: plan.flow.proto === 'udp' || plan.flow.proto === 'dns',
          wait: plan.wait,
        },
        now,
      );
      if (state.done || now > plan.deadline) break;
      if (state.until - now > 100 && state.what !== shown && Number.isFinite(state.until)) {
        shown = state.what;
        tell({ type: 'waiting', what: state.what, milliseconds: Math.round(state.until - now) });
      }
      const pause = Math.min(state.until, plan.deadline) - now;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.max(1, Math.ceil(pause)));
        const abort = (): void => wake();
        signal.addEventListener('abort', abort, { once: true });
        wake = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', abort);
          resolve();
        };
      });
    }
    await sending;
    for (let probe = 0; probe < plan.count; probe++)
      if (!outcomes.has(probe))
        hear({ probe, result: 'silent', microseconds: null, errno: null, says: null });
    const probing = since(origin);
    // Texts are looked up for the packets somebody will ask about: those of the first probe that was lost.
    const lost = lostProbe([...outcomes.values()].sort((a, b) => a.probe - b.probe));
    const hits: Answer<readonly RuleHit[]> = rules.witness.known
      ? {
          known: true,
          value: lost ? await rules.witness.value.hits(lost.probe) : [],
          source: rules.witness.source,
        }
      : rules.witness;
    for (const hit of hits.known ? hits.value : []) tell({ type: 'rule', hit });
    const trail = read();
    const answered = new Set(
      [...outcomes.values()].filter((one) => one.result === 'answered').map((one) => one.probe),
    );
    const drops: Answer<readonly Drop[]> = journey.known
      ? {
          known: true,
          value: (trail?.drops ?? []).filter((drop) => !answered.has(drop.probe)),
          source: journey.source,
        }
      : journey;
    return {
      known: true,
      source: [],
      value: {
        sightings,
        captured,
        blind,
        outcomes: [...outcomes.values()].sort((a, b) => a.probe - b.probe),
        drops,
        hits,
        partlyBlind: rules.refusals,
        lostSight,
        arming,
        probing,
        dismantled: dismantle(),
      },
    };
  } catch (error) {
    await dismantle();
    throw error;
  }
}
