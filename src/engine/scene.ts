/** The scene the causes look at: what the witnesses saw, and the state as the probe left it. */
import type { Discovery, Stacks } from '../discover/path.ts';
import { readStack } from '../discover/stack.ts';
import type { Machine } from '../host/machine.ts';
import { compare } from '../kernel/comparison.ts';
import { type Answer, mapAnswer } from '../model/answer.ts';
import type { Event } from '../model/event.ts';
import type { Need } from '../model/facts.ts';
import type { Flow } from '../model/flow.ts';
import type { LookUp } from '../model/look-up.ts';
import type { Netns } from '../model/netns.ts';
import { type Hop, type Path, type Where, watched } from '../model/path.ts';
import { type Place, placeAt } from '../model/place.ts';
import type { BrokenExchange, Control, Scene } from '../model/scene.ts';
import { type Direction, isAnswer, type ProbeOutcome, type Sighting, silent } from '../model/sighting.ts';
import type { Stack } from '../model/stack.ts';
import type { Target } from '../model/target.ts';
import { gapOf, withoutLater } from './answer-gap.ts';
import type { Earlier } from './now.ts';
import type { Leisure } from './old-end.ts';
import { hitsOfEnd, pastRules } from './past-rules.ts';
import { locate, lostProbe, type Step } from './place.ts';
import type { RunResult } from './run/plan.ts';

/** The state once more: neighbours and entries are what the probe made of them, and so may be the links of its path. */
async function readAfter(
  machine: Machine,
  target: Target,
  { stacks: before, path }: Discovery,
): Promise<Stacks> {
  const again = async (where: Where, netns: Netns | null, stack: Stack): Promise<Stack> => {
    const crossed = watched(path)
      .filter((hop) => hop.where === where)
      .map(({ link }) => link.ifindex);
    const now = await readStack(machine, netns, crossed, stack.first ? 'again' : undefined);
    return now.known ? now.value : stack;
  };
  const [container, host, other] = await Promise.all([
    again('container', target.netns, before.container),
    again('host', null, before.host),
    before.other ? again('other', before.other.netns, before.other) : null,
  ]);
  return { container, host, other };
}

/**
 * The state as a loss leaves it. Whoever judges silence reads all links: the kernel tells them while it is not sure yet. A drop
 * that was told of is mostly judged by few.
 */
export function stateAfter(machine: Machine, target: Target, discovery: Discovery) {
  let telling: Promise<void> | null = null;
  let isDropped = false;
  const foresee = (): void => {
    if (discovery.stacks.host.first) telling ??= machine.linksAhead();
  };
  return {
    foresee,
    hearing: (tell: (event: Event) => void) => (event: Event) => {
      if (event.type === 'drop') isDropped = true;
      if (event.type === 'outcome' && event.outcome.result !== 'answered' && !isDropped) foresee();
      tell(event);
    },
    async read(): Promise<Stacks> {
      await telling;
      return readAfter(machine, target, discovery);
    },
  };
}

export type Asked = Map<Need, Promise<Answer<unknown>>>;

export interface Ingredients {
  readonly target: Target;
  readonly flow: Flow;
  readonly path: Path;
  readonly stacks: Stacks;
  readonly result: RunResult;
  readonly control: Control | null;
  /** The target's sockets before the probe. */
  readonly earlier?: Earlier | undefined;
  /** Facts that were asked for about this very loss by now. */
  readonly asked?: Asked;
  /** What is asked of others yet waits no longer than that; absent where it is not asked. */
  readonly leisure?: Leisure;
  /** How its name was looked up, where there is one. */
  readonly lookUp?: LookUp | undefined;
}

function compose(of: Ingredients, outcomes: readonly ProbeOutcome[], all: readonly Sighting[]): Scene {
  const { target, flow, path, stacks, result, control } = of;
  const { captured, drops, unwatched, ports, waited, answersLate } = result;
  const comparison = compare(path, outcomes, all);
  // What an answered probe met is not what loses the others: causes look at the lost ones alone.
  const sightings = comparison
    ? all.filter(isOf(outcomes.filter(({ result }) => result !== 'answered')))
    : all;
  const passages = result.passages.filter(isOf(outcomes));
  const outer = result.outer.filter(isOf(outcomes));
  const probe = lostProbe(outcomes)?.probe;
  const met = probe !== undefined && result.hits.known ? pastRules(path, result.hits.value, probe) : [];
  const located = locate({
    path,
    flow,
    sightings,
    passages,
    captured,
    outcomes,
    drops: drops.known ? drops.value : [],
    steps: [...result.steps, ...met],
    host: stacks.host,
  });
  const followed =
    located.place !== null &&
    isFollowed(
      path,
      located.place,
      result.steps.filter((step) => step.probe === probe),
      sightings.filter((one) => one.probe === probe),
    );
  const seen = {
    sightings,
    passages,
    outer,
    unwatched,
    captured,
    ports,
    outcomes,
    comparison,
    waited,
    answersLate,
  };
  return { target, flow, path, stacks, control, drops, followed, ...seen, ...located };
}

/**
 * Did the trace follow the lost packet to its place? It names devices without their namespaces: where it has the packet on
 * a hop on which no capture saw it come back, or lacks it where a capture did see it, it followed another device.
 */
export function isFollowed(
  path: Path,
  place: Place,
  steps: readonly Step[],
  sightings: readonly Sighting[],
): boolean {
  if (path.hops.some((hop, index) => hop.name === path.hops[index + 1]?.name)) return false;
  const stepped = (hop: Hop | null | undefined, direction: Direction): boolean =>
    steps.some((step) => step.hop === hop?.id && step.direction === direction);
  const last = path.hops.at(-1);
  const returned = sightings.some((one) => one.hop === last?.id && isAnswer(one));
  if (stepped(last, 'reply') !== returned) return false;
  return place.after === null || stepped(place.after, place.direction);
}

/** Sightings of these probes, and of no probe. */
const isOf = (outcomes: readonly ProbeOutcome[]) => {
  const probes = new Set(outcomes.map(({ probe }) => probe));
  return ({ probe }: Pick<Sighting, 'probe'>): boolean => probe < 0 || probes.has(probe);
};

/** The scene of the probes that were asked for. */
export function sceneOf(of: Ingredients): Scene {
  const { outcomes, sightings } = of.result;
  const count = outcomes.length;
  const mine = sightings.filter((sighting) => sighting.probe < count);
  return { ...compose(of, outcomes, mine), spoken: of.result.exchange };
}

/** The scene of data that was lost, or answered by a reset, after the handshake had been answered. */
export function dataScene(of: Ingredients): Scene | null {
  const { exchange, sightings, captured } = of.result;
  if (exchange?.result !== 'lost' && exchange?.result !== 'reset') return null;
  const { probe, over, result } = exchange;
  const outcome: ProbeOutcome = {
    probe,
    result: result === 'reset' ? 'error' : 'silent',
    microseconds: null,
    errno: result === 'reset' ? 'ECONNRESET' : null,
    says: null,
  };
  const opening = sightings.filter((one) => one.probe === over && one.kind === 'request');
  const port = opening.find((one) => one.hop === of.path.hops[0]?.id)?.sourcePort;
  // Data is let through by the port of its own socket: where NAT gave the flow another one, nobody watches it.
  const watched = [...captured].filter((hop) =>
    opening.some((one) => one.hop === hop && one.sourcePort === port),
  );
  const hits = mapAnswer(of.result.hits, (met) => hitsOfEnd(met, probe));
  const seen = { ...of.result, captured: new Set(watched), hits };
  const passages = withoutLater(seen.passages, exchange);
  const scene = compose(
    { ...of, result: { ...seen, passages } },
    [outcome],
    withoutLater(sightings, exchange).filter((one) => one.probe === probe || one.probe < 0),
  );
  const found = scene.symptom.kind === 'silence' ? gapOf(of.path, seen, exchange) : null;
  const answeredBeside = isAnsweredBeside(of);
  return {
    ...scene,
    ...(found ? { place: found.place } : {}),
    exchange: {
      ...exchange,
      ttl: timesToLive(of.result),
      answeredBeside,
      ...(found ? { gap: found.gap } : {}),
    },
  };
}

/** Of the handshake over which data was lost; what no capture looked at tells nothing. */
function isAnsweredBeside({ path, result: { exchange, sightings, captured } }: Ingredients): boolean {
  const [first, last] = [path.hops[0], path.hops.at(-1)];
  if (!first || !last || first === last || !captured.has(last.id)) return false;
  const saw = (hop: Hop, kind: Sighting['kind']): boolean =>
    sightings.some((one) => one.probe === exchange?.over && one.hop === hop.id && one.kind === kind);
  return saw(last, 'request') && saw(first, 'reply') && !saw(last, 'reply');
}

function timesToLive({ exchange, sightings }: RunResult): BrokenExchange['ttl'] {
  const reset = sightings.find((one) => one.probe === exchange?.probe && one.kind === 'refusal');
  const answer = sightings.find(
    (one) => one.probe === exchange?.over && one.kind === 'reply' && one.hop === reset?.hop,
  );
  return reset?.ttl != null && answer?.ttl != null ? { handshake: answer.ttl, reset: reset.ttl } : null;
}

/** The scene of connections that were opened, and that the program at the far end did not take. */
export function untakenScene(of: Ingredients): Scene | null {
  const { untaken } = of.result;
  if (!untaken) return null;
  return { ...sceneOf(of), place: placeAt(of.path, of.path.hops.length, 'request'), untaken };
}

/** The scene of the full-size probe that vanished where small ones pass. */
export function bigScene(of: Ingredients): Scene | null {
  const { size, sightings } = of.result;
  if (!size?.vanished) return null;
  const mine = sightings.filter((sighting) => sighting.probe === size.probe || sighting.probe < 0);
  return { ...compose(of, [silent(size.probe)], mine), bigProbe: size };
}
