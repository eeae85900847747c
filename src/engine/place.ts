/** Where it stops, from what the hops saw: the last that did, the first that did not. */
import { OTHERHOST } from '../kernel/drops.ts';
import type { Drop } from '../model/evidence.ts';
import type { Flow } from '../model/flow.ts';
import { type Hop, isTunnel, type Path } from '../model/path.ts';
import { type Place, placeAt, type Symptom } from '../model/place.ts';
import type { Direction, Passage, ProbeOutcome, Sighting } from '../model/sighting.ts';
import { linkHolding, type Stack } from '../model/stack.ts';
import { besideThePath, isCopy, ledAstray } from './beside.ts';
import { askedInVain } from './run/observing.ts';

export interface Observed {
  readonly path: Path;
  readonly flow: Flow;
  readonly sightings: readonly Sighting[];
  readonly passages: readonly Passage[];
  readonly captured: ReadonlySet<string>;
  readonly outcomes: readonly ProbeOutcome[];
  readonly drops: readonly Drop[];
  /** Where the kernel itself said the packet was: a capture may be late, and loses silently. */
  readonly steps: readonly Step[];
  readonly host: Stack;
}

/** One interface that the kernel said a probe crossed. */
export interface Step {
  readonly probe: number;
  readonly direction: Direction;
  readonly hop: string;
  readonly event: string;
}

/** A packet in a queue has not left it, and one that is received may still meet an XDP program. */
const CROSSED = /^(net_dev_xmit|netif_receive_skb)$/;

type Mark = 'yes' | 'no' | 'blind';

/** The drops of this packet on its way there, or back. */
const dropsOf = ({ drops }: Observed, probe: number, direction: Direction): Drop[] =>
  drops.filter((one) => one.probe === probe && one.direction === direction);

const droppedOnHop = (observed: Observed, probe: number, direction: Direction): Drop | undefined =>
  dropsOf(observed, probe, direction).find(({ hop }) => hop !== null);

/** -1 where it is none of the path. */
const indexOf = ({ hops }: Path, hop: string | null | undefined): number =>
  hops.findIndex(({ id }) => id === hop);

/** Where the kernel says that it ended, a number among the hops; what a copy came to is no end. */
function endOf(observed: Observed, probe: number, direction: Direction): number | null {
  const drop = dropsOf(observed, probe, direction).find(({ reason }) => !OTHERHOST.test(reason));
  const at = indexOf(observed.path, drop?.hop);
  return at < 0 ? null : at;
}

/** Did each hop see the packet? A link that is down sees nothing, captured or not. */
function marks(
  observed: Observed,
  sightings: readonly Sighting[],
  probe: number,
  direction: Direction,
): Mark[] {
  const steps = observed.steps.filter(
    (step) =>
      step.probe === probe &&
      step.direction === direction &&
      CROSSED.test(step.event) &&
      // A generic XDP program sees a packet after the tracepoint and before any capture.
      !observed.drops.some((drop) => drop.hop === step.hop && /xdp/.test(drop.function)),
  );
  const end = endOf(observed, probe, direction);
  const own = observed.path.hops.map((hop): Mark => {
    const mine = sightings.filter((sighting) => sighting.hop === hop.id);
    if (mine.length > 0 && (direction === 'request' || hasComeBy(hop, mine))) return 'yes';
    return observed.captured.has(hop.id) || !hop.link.up ? 'no' : 'blind';
  });
  // The kernel names devices and no namespace: an eth0 of somebody else is told by the hops it would have skipped.
  const order = direction === 'request' ? [...own.keys()] : [...own.keys()].reverse();
  let before: Mark = 'yes';
  for (const index of order) {
    const hop = observed.path.hops[index];
    // Nor has it crossed what lies behind its end, where a capture denies it: the address was another packet's by then.
    if (own[index] === 'no' && end !== null && (direction === 'request' ? index > end : index < end)) break;
    // Where no capture could see, nothing denies a hop that was skipped: each must have been crossed in its turn.
    const inTurn = own[index] === 'no' ? before !== 'no' : before === 'yes';
    if (own[index] !== 'yes' && inTurn && steps.some((step) => step.hop === hop?.id)) own[index] = 'yes';
    before = own[index] ?? 'no';
  }
  return own;
}

/**
 * Before a gateway with one leg an answer shows twice, a router nearer the second time; on that leg itself once is enough
 * to have come so far.
 */
const hasComeBy = ({ twice, where }: Hop, sightings: readonly Sighting[]): boolean =>
  twice !== true || where !== 'host' || new Set(sightings.map(({ ttl }) => ttl)).size > 1;

/** Does a hop between these two deny the packet? A packet crosses all of them, so the further one was another's. */
const skips = (marks: readonly Mark[], from: number, to: number): boolean =>
  marks.slice(from + 1, to).includes('no');

/** The probe the verdict is about: the first that did not come back. */
export function lostProbe(outcomes: readonly ProbeOutcome[]): ProbeOutcome | undefined {
  return outcomes.find((outcome) => outcome.result !== 'answered');
}

export interface Located {
  readonly symptom: Symptom;
  readonly place: Place | null;
}

const nothing = { errno: null, from: null, says: null, bornAt: null };

export function locate(observed: Observed): Located {
  const { path, outcomes, sightings } = observed;
  const lost = lostProbe(outcomes);
  if (!lost) return { symptom: { kind: 'answered', ...nothing }, place: null };
  const mine = sightings.filter((sighting) => sighting.probe === lost.probe);
  const of = (...kinds: Sighting['kind'][]): Sighting[] => mine.filter((one) => kinds.includes(one.kind));
  const requests = marks(observed, of('request'), lost.probe, 'request');
  const furthest = requests.lastIndexOf('yes');
  const voice = of('refusal', 'error')[0];

  if (path.origin === 'outside' && furthest < 0) return unarrived(observed, lost);
  if (voice || lost.result === 'refused')
    return spoken(observed, lost, voice, furthest, of('refusal', 'error'));
  const answers = of('reply').filter((one) => !isCopy(one, observed));
  const beside = answers.length === 0 ? besideThePath(observed, lost.probe) : undefined;
  if (beside) return { symptom: { kind: 'lost', ...nothing, errno: lost.errno }, place: beside };
  // What came back may no longer look like an answer: the kernel told that it threw it away, after the request had left.
  const last = path.hops.at(-1);
  // Behind a tunnel the trace sees outer packets, which are on their way to it and not from it.
  const thrownAway = isThrownAway(observed, lost, requests, furthest) && !isTunnel(last?.kind ?? '');
  if (answers.length > 0 || thrownAway)
    return onTheWayBack(observed, lost, marks(observed, answers, lost.probe, 'reply'));
  if (lost.result === 'not-sent' || (lost.result === 'error' && furthest < 0))
    return {
      symptom: { kind: 'not-sent', ...nothing, errno: lost.errno },
      place: placeAt(path, 0, 'request'),
    };
  const silence = { symptom: { kind: 'silence', ...nothing, errno: lost.errno } as Symptom };
  const lostHere = { symptom: { kind: 'lost', ...nothing, errno: lost.errno } as Symptom };
  const stage = stageAfter(observed, requests, furthest, lost.probe);
  if (path.stages[stage] === 'beyond') return { ...silence, place: placeAt(path, stage, 'request') };
  return { ...lostHere, place: placeAt(path, stage, 'request') };
}

/** No packet came from outside: somebody asks for the address and is not heard, or nobody was there. */
function unarrived({ path, flow, sightings }: Observed, lost: ProbeOutcome): Located {
  const inVain = askedInVain(sightings, flow.address, path.hops[0]?.id);
  return {
    symptom: { kind: inVain ? 'lost' : 'silence', ...nothing, errno: lost.errno },
    place: inVain ? placeAt(path, 1, 'request') : null,
  };
}

/** The stage at which a request ended: after the last hop that saw it, or on which the kernel says it dropped it. */
function stageAfter(observed: Observed, requests: readonly Mark[], furthest: number, probe: number): number {
  const at = indexOf(observed.path, droppedOnHop(observed, probe, 'request')?.hop);
  return (skips(requests, furthest, at) ? furthest : Math.max(furthest, at)) + 1;
}

/** Did the kernel throw an answer away, after the request had left, as far as anybody could see that? */
function isThrownAway(
  observed: Observed,
  lost: ProbeOutcome,
  requests: readonly Mark[],
  furthest: number,
): boolean {
  const dropped = droppedOnHop(observed, lost.probe, 'reply');
  if (!dropped) return false;
  const ahead = requests.slice(furthest + 1);
  // An interface of the host is told by its name; an eth0 may be anybody's.
  const isOurs = observed.path.hops.some((hop) => hop.id === dropped.hop && hop.where === 'host');
  return ahead.length === 0 || (isOurs && ahead.every((mark) => mark === 'blind'));
}

function onTheWayBack(observed: Observed, lost: ProbeOutcome, replies: readonly Mark[]): Located {
  const { path } = observed;
  const nearest = replies.indexOf('yes');
  const at = indexOf(path, droppedOnHop(observed, lost.probe, 'reply')?.hop);
  const nearer = at >= 0 && (nearest < 0 || (at < nearest && !skips(replies, at, nearest)));
  const known = nearer ? at : nearest;
  const kind = known === 0 ? 'undelivered' : 'lost';
  const place = placeAt(path, known, 'reply');
  const astray = place.stage === 'forward' ? ledAstray(observed, lost.probe) : undefined;
  return {
    symptom: { kind, ...nothing, errno: lost.errno },
    place: astray ? { ...place, beside: astray } : place,
  };
}

/** Somebody said no. Where that answer first appears tells who: the host itself, or one beyond. */
function spoken(
  observed: Observed,
  lost: ProbeOutcome,
  voice: Sighting | undefined,
  furthest: number,
  voices: readonly Sighting[],
): Located {
  const { path, host } = observed;
  const kind = voice?.kind === 'error' ? 'error' : 'refused';
  const born = Math.max(-1, ...voices.map((one) => indexOf(path, one.hop)));
  const symptom: Symptom = {
    kind,
    errno: lost.errno,
    from: voice?.source ?? null,
    says: voice?.says ?? lost.says,
    bornAt: path.hops[born]?.id ?? null,
  };
  const reachedEnd = furthest === path.hops.length - 1;
  const byHost = voice ? linkHolding(host, voice.source) !== undefined : false;
  const direction: Direction = 'request';
  // A firewall's reject speaks with the destination's address, and is born before the last hop.
  if (reachedEnd && !(byHost && kind === 'error'))
    return { symptom, place: placeAt(path, path.hops.length, direction) };
  return { symptom, place: placeAt(path, Math.max(furthest, born) + 1, direction) };
}
