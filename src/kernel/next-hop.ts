/** Whom a sender must find on its link before a packet can leave, and how that search went. */
import type { Side } from '../model/facts.ts';
import type { Hop } from '../model/path.ts';
import type { Scene } from '../model/scene.ts';
import type { Sighting } from '../model/sighting.ts';
import type { Neighbour, Stack } from '../model/stack.ts';
import { decide } from './routing.ts';
import { type Segment, sender } from './travel.ts';

export interface NextHop {
  readonly side: Side;
  readonly stack: Stack;
  readonly dev: string;
  readonly address: string;
  /** Is it a router on the way, or the destination itself? */
  readonly isGateway: boolean;
  readonly segment: Segment;
  /** The hop of the segment that looks for it. */
  readonly asker: Hop;
}

/** An ipvlan of layer 3 hands its packets to its parent's kernel, which routes them and looks for the next hop. */
const asksThrough = ([first, second]: readonly Hop[]): Hop | undefined =>
  first?.link.kind === 'ipvlan' && first.link.data.mode !== 'l2' && second?.where === 'host' ? second : first;

/** The next hop of the packets that enter this segment. */
export function nextHop(scene: Scene, segment: Segment | undefined): NextHop | undefined {
  const first = asksThrough(segment?.hops ?? []);
  const stack = first && scene.stacks[first.where];
  if (!segment || !first || !stack) return undefined;
  const { path, flow, place } = scene;
  const isReply = place?.direction === 'reply';
  const self = segment.from === 0;
  const own = self ? sender(scene) : undefined;
  if (self && !own) return undefined;
  const target = own?.destination ?? (isReply ? path.sourceAddress : path.realDestination);
  if (target === null || target === undefined) return undefined;
  const asked = isReply ? null : self ? path.sourceRoute : path.hostRoute;
  const real = self && !isReply && first.where === 'host' ? path.realDestination : target;
  const gateway =
    asked?.known && asked.refusal === null && asked.dev === first.name
      ? asked.gateway
      : gatewayIn(stack, first.name, { family: flow.family, destination: real, source: null, iif: null });
  return {
    side: first.where,
    stack,
    dev: first.name,
    address: gateway ?? real,
    isGateway: gateway !== null && gateway !== real,
    segment,
    asker: first,
  };
}

function gatewayIn(stack: Stack, dev: string, packet: Parameters<typeof decide>[1]): string | null {
  const found = decide(stack, packet);
  return found.kind === 'route' && found.route.dev === dev ? found.route.gateway : null;
}

/** The entry of the sender's neighbour table, proxies apart. */
export const entryOf = (hop: Pick<NextHop, 'stack' | 'dev' | 'address'>): Neighbour | undefined =>
  hop.stack.neighbours.find((one) => one.address === hop.address && one.dev === hop.dev && !one.proxy);

const UNRESOLVED = /^(FAILED|INCOMPLETE|NONE)$/;

/** Does the neighbour table say that the search came to nothing, or is still without an answer? */
export const isMissing = (hop: Pick<NextHop, 'stack' | 'dev' | 'address'>): boolean =>
  UNRESOLVED.test(entryOf(hop)?.state.join(' ') ?? '');

/** ARP requests and neighbour solicitations for this address, in time. */
export const questions = (scene: Pick<Scene, 'sightings'>, address: string): Sighting[] =>
  scene.sightings.filter((one) => one.kind === 'neighbour' && one.says?.startsWith(`who has ${address}?`));

/** ARP replies and neighbour advertisements of this address. */
export const answers = (scene: Pick<Scene, 'sightings'>, address: string): Sighting[] =>
  scene.sightings.filter((one) => one.kind === 'neighbour' && one.says?.startsWith(`${address} is at `));

/**
 * Is the search for this next hop without an answer? The table says so (failed or incomplete), or it was asked for and
 * nobody answered on the hop that asked.
 */
export function isUnresolved(scene: Scene, hop: NextHop): boolean {
  if (isMissing(hop)) return true;
  if (entryOf(hop)?.mac) return false;
  const asker = hop.asker.id;
  return (
    questions(scene, hop.address).length > 0 && !answers(scene, hop.address).some((one) => one.hop === asker)
  );
}

/** At the end of the link an answer was seen: whatever became of it, its owner is not silent. */
export const isAnswered = (scene: Pick<Scene, 'sightings'>, { address, segment }: NextHop): boolean =>
  answers(scene, address).some((one) => one.hop === segment.hops.at(-1)?.id);

/** Hops of the segment at which the question was seen: how far it came. */
export function reached(scene: Scene, hop: NextHop): string[] {
  const ids = new Set(questions(scene, hop.address).map((one) => one.hop));
  return hop.segment.hops.map((one) => one.id).filter((id) => ids.has(id));
}
