/** One diagnosis as it is told: a fold over the engine's events. */
import type { Diagnosis } from '../model/diagnosis.ts';
import type { Event } from '../model/event.ts';
import type { Drop } from '../model/evidence.ts';
import type { RuleHit } from '../model/facts.ts';
import type { Flow } from '../model/flow.ts';
import type { Path } from '../model/path.ts';
import type { Control } from '../model/scene.ts';
import type { ProbeOutcome } from '../model/sighting.ts';
import type { Target } from '../model/target.ts';

export interface Counted {
  readonly request: number;
  readonly reply: number;
  readonly error: number;
}

export interface Run {
  readonly target: Target | null;
  readonly flow: Flow | null;
  readonly path: Path | null;
  readonly counts: Readonly<Record<string, Counted>>;
  /** Hops on which a capture stands ready (null) or could not be armed (why). */
  readonly armed: Readonly<Record<string, string | null>>;
  /** Witnesses that could not look, as `witness: why`. */
  readonly absent: readonly string[];
  readonly sent: number;
  readonly of: number;
  readonly outcomes: readonly ProbeOutcome[];
  readonly control: Control | null;
  readonly drops: readonly Drop[];
  readonly hits: readonly RuleHit[];
  readonly waiting: { readonly what: string; readonly milliseconds: number } | null;
  /** The hop where something happened last. */
  readonly focus: string | null;
  readonly diagnosis: Diagnosis | null;
  /** The flows asked about before this one: the other family of a name, its resolver, a port that a proxy took. */
  readonly earlier: readonly Run[];
}

export const newRun: Run = {
  target: null,
  flow: null,
  path: null,
  counts: {},
  armed: {},
  absent: [],
  sent: 0,
  of: 0,
  outcomes: [],
  control: null,
  drops: [],
  hits: [],
  waiting: null,
  focus: null,
  diagnosis: null,
  earlier: [],
};

const NONE: Counted = { request: 0, reply: 0, error: 0 };

export const countsOf = (run: Run, hop: string): Counted => run.counts[hop] ?? NONE;

const COUNTED = { request: 'request', reply: 'reply', error: 'error', refusal: 'reply' } as const;

/** What is known after one more event. */
export function follow(run: Run, event: Event): Run {
  switch (event.type) {
    case 'target':
      return { ...run, target: event.target };
    case 'flow':
      // A name with both families is asked twice: the second question starts with a clean path.
      return {
        ...newRun,
        target: run.target,
        flow: event.flow,
        earlier: run.flow === null ? run.earlier : [...run.earlier, { ...run, earlier: [] }],
      };
    case 'path':
      return { ...run, path: event.path };
    case 'armed': {
      const { witness, at, because } = event;
      const absent = because === null ? run.absent : [...run.absent, `${witness}: ${because}`];
      const armed = at !== null && witness === 'capture' ? { ...run.armed, [at]: because } : run.armed;
      return { ...run, armed, absent };
    }
    case 'sent':
      return { ...run, sent: Math.max(run.sent, event.probe + 1), of: event.of };
    case 'sighting': {
      const { hop, kind } = event.sighting;
      if (kind === 'neighbour') return { ...run, focus: hop };
      const counted = countsOf(run, hop);
      const column = COUNTED[kind];
      const counts = { ...run.counts, [hop]: { ...counted, [column]: counted[column] + 1 } };
      return { ...run, counts, focus: hop };
    }
    case 'outcome':
      return { ...run, outcomes: [...run.outcomes, event.outcome] };
    case 'control':
      return { ...run, control: event.control };
    case 'drop':
      return { ...run, drops: [...run.drops, event.drop], focus: event.drop.hop ?? run.focus };
    case 'rule':
      return { ...run, hits: [...run.hits, event.hit] };
    case 'waiting':
      return { ...run, waiting: { what: event.what, milliseconds: event.milliseconds } };
    case 'diagnosis':
      return { ...ofFlow(run, event.diagnosis.flow), diagnosis: event.diagnosis, waiting: null };
  }
}

/** The verdict is about the flow that fails, which need not be the last that was asked. */
function ofFlow(run: Run, { from, address, port, proto }: Flow): Run {
  const one = [run, ...run.earlier].find(
    ({ flow }) =>
      flow === null ||
      (flow.from === from && flow.address === address && flow.port === port && flow.proto === proto),
  );
  return { ...(one ?? { ...newRun, target: run.target }), earlier: [] };
}
