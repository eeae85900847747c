/** Arms every witness for the probes of a run, side by side, and takes all of it back. */
import type { Capture, Machine } from '../../host/machine.ts';
import { type Answer, known, notKnown } from '../../model/answer.ts';
import type { Side } from '../../model/facts.ts';
import type { Path } from '../../model/path.ts';
import { hasOwnLength, type ProbeKind } from '../../probe/kind.ts';
import { armCaptures } from '../../witness/capture.ts';
import { armCounters, type CounterWitness } from '../../witness/counters.ts';
import type { Instance } from '../../witness/journey/instance.ts';
import {
  armJourney,
  type Beside,
  filtersFor,
  type JourneyPlan,
  type JourneyWitness,
  type TraceHearing,
} from '../../witness/journey.ts';
import { armOuter, type OuterWitness } from '../../witness/outer.ts';
import { armPassages, type PassageWitness } from '../../witness/passages.ts';
import { armRules, type LookUp, type RuleWitness, type Scope } from '../../witness/rule.ts';
import type { RunLog } from './log.ts';
import type { Sender } from './sending.ts';

export interface Probing {
  readonly kind: ProbeKind;
  readonly sender: Sender;
}

export interface Armed {
  readonly journey: Answer<JourneyWitness>;
  readonly rules: Answer<RuleWitness>;
  readonly counters: CounterWitness;
  readonly passages: PassageWitness;
  readonly outer: OuterWitness;
  /** Namespaces in which the rule witness could not be armed though it stands in others. */
  readonly partlyBlind: readonly { readonly side: Side; readonly because: string }[];
  /**
   * Waits until the witnesses have told what they have, and no longer than so many milliseconds; what they could not tell in
   * time is said.
   */
  settle(within: number): Promise<void>;
  /** Waits until the kernel's trace has told where the packets went by now, where that is told when it is asked for. */
  caughtUp(): Promise<unknown>;
  dismantle(): Promise<unknown>;
}

export interface ArmPlan {
  readonly path: Path;
  readonly scopes: readonly Scope[];
  readonly trace: boolean;
  /** Opens a tracing instance, where the trace beside the captures cannot be had. */
  readonly tracing: () => Promise<Answer<Instance>>;
  readonly lookUp: LookUp;
  /** Milliseconds until the tables that trace rules are to stand. */
  readonly patience: number;
  /** The first packet of data that follows a handshake: its number and IP length. */
  readonly data?: { readonly probe: number; readonly length: number };
}

/** How far captures may be behind before nothing is said of what they did not show. Milliseconds. */
const LAG = 400;

/** Ends at the latest with `signal`, of which the caller has to see what comes of it. */
export async function arm(
  machine: Machine,
  plan: ArmPlan,
  probing: readonly Probing[],
  log: RunLog,
  signal: AbortSignal,
): Promise<Armed> {
  const [main] = probing as [Probing, ...Probing[]];
  const first = plan.path.hops[0]?.id;
  const followed: Pick<JourneyPlan, 'family' | 'probes'> = {
    family: main.sender.run.flow.family,
    probes: [
      ...(plan.data ? [{ ...plan.data, own: false, syn: false }] : []),
      ...probing.flatMap(({ kind, sender }) =>
        sender.run.lengths.map((length, index) => ({
          probe: sender.run.first + index,
          length,
          own: hasOwnLength(kind, sender.run.flow),
          syn: kind.lengths(sender.run.flow) === null,
        })),
      ),
    ],
  };
  const hearing: { hear?: TraceHearing } = {};
  const capture = armCaptures(
    machine,
    plan.path,
    probing.map(({ kind, sender }) => ({ kind, run: sender.run })),
    {
      origin: () => log.origin,
      sighting(sighting) {
        log.see(sighting);
        // A raw socket hears no ICMP errors: what reaches the sender's own interface is its answer.
        const ofRaw = probing.some(
          ({ kind, sender }) => kind.socket === 'icmp' && sender.owns(sighting.probe),
        );
        if (ofRaw && sighting.hop === first && (sighting.kind === 'error' || sighting.kind === 'refusal'))
          log.hear({
            probe: sighting.probe,
            result: 'error',
            microseconds: null,
            errno: null,
            says: sighting.says,
          });
      },
      armed(hop, because) {
        if (because === null) log.captured.add(hop);
        else log.blind.set(hop, because);
        log.tell({ type: 'armed', witness: 'capture', at: hop, because });
      },
      lost: (hop, because) => log.loseSome(hop, because),
      traced: (event) => hearing.hear?.event(event),
      untraced: (events) => hearing.hear?.lost(events),
      ended: (because) => log.loseSight(because),
    },
    plan.trace && machine.tracing === 'perf' ? filtersFor({ path: plan.path, ...followed }) : undefined,
  );
  // A process that does not answer is not waited for longer than everything else.
  const giveUp = (): void => void capture.stop();
  signal.addEventListener('abort', giveUp, { once: true });
  if (signal.aborted) giveUp();
  const { run } = main.sender;
  const passages = armPassages(
    machine,
    plan.scopes,
    plan.path,
    probing.map(({ kind, sender }) => ({ kind, run: sender.run })),
  );
  const outer = armOuter(
    machine,
    plan.path,
    probing.map(({ kind, sender }) => ({ kind, run: sender.run })),
  );
  const [rules, counters] = await Promise.all([
    plan.trace
      ? armRules(
          machine,
          plan,
          probing.map(({ sender }) => sender.run),
          log.changed,
        )
      : {
          witness: notKnown('not-asked', 'switched off by --no-trace', []) as Answer<RuleWitness>,
          refusals: [],
        },
    armCounters(machine, plan.scopes, plan.trace ? 'legacy' : 'all', run, main.kind),
    capture.ready,
  ]);
  const source = await traceSource(capture, hearing, plan);
  signal.removeEventListener('abort', giveUp);
  const journey: Answer<JourneyWitness> = source.known
    ? armJourney(machine, source.value, { path: plan.path, ...followed, onChange: log.changed })
    : source;
  log.tell({ type: 'armed', witness: 'journey', at: null, because: journey.known ? null : journey.detail });
  log.tell({
    type: 'armed',
    witness: 'rule',
    at: null,
    because: rules.witness.known ? null : rules.witness.detail,
  });
  return {
    journey,
    rules: rules.witness,
    counters,
    passages,
    outer,
    partlyBlind: rules.refusals,
    async settle(within) {
      const begun = machine.now();
      if (!(await capture.settled(Math.min(LAG, within))))
        for (const hop of [...log.captured])
          log.loseSome(hop, 'its frames came faster than they could be looked at');
      const left = within - Number(machine.now() - begun) / 1e6;
      if (journey.known) await journey.value.settle(Math.max(1, left));
    },
    caughtUp: async () => source.known && 'told' in source.value && capture.settled(LAG),
    dismantle: () =>
      Promise.all([
        capture.stop(),
        passages.stop(),
        outer.stop(),
        journey.known ? journey.value.stop() : undefined,
        rules.witness.known ? rules.witness.value.stop() : undefined,
      ]),
  };
}

/** The trace beside the captures, else an instance of tracefs; where neither can be had, why not. */
async function traceSource(
  capture: Capture,
  hearing: { hear?: TraceHearing },
  { trace, tracing }: ArmPlan,
): Promise<Answer<Beside | Instance>> {
  const traced = trace ? await capture.traced : notKnown('not-asked', 'switched off by --no-trace', []);
  if (traced.known) {
    const listen = (hear: TraceHearing): void => {
      hearing.hear = hear;
    };
    return known({ ...traced.value, listen }, traced.source);
  }
  if (!trace) return traced;
  const instance = await tracing();
  return instance.known || traced.because === 'not-asked'
    ? instance
    : notKnown(instance.because, `${traced.detail}; ${instance.detail}`, instance.source);
}
