/** The path in the order in which the lost packets travel: a reply meets it from the far end. */
import type { Side } from '../model/facts.ts';
import { carrier, type Flow } from '../model/flow.ts';
import type { Netns } from '../model/netns.ts';
import type { Hop, StageKind } from '../model/path.ts';
import { placeAt } from '../model/place.ts';
import { changed, type Scene } from '../model/scene.ts';
import type { Stack } from '../model/stack.ts';
import type { Packet } from './routing.ts';

export interface Travel {
  readonly hops: readonly Hop[];
  /** stages[i] lies before hops[i]. */
  readonly stages: readonly StageKind[];
  /** The stage at which the packets stop. */
  readonly at: number;
}

/** Undefined where nothing is lost at a place. */
export function travel(scene: Pick<Scene, 'path' | 'place'>): Travel | undefined {
  const { path, place } = scene;
  if (!place) return undefined;
  if (place.direction === 'request') return { hops: path.hops, stages: path.stages, at: place.index };
  return {
    hops: path.hops.toReversed(),
    stages: path.stages.toReversed(),
    at: path.stages.length - 1 - place.index,
  };
}

/** Stages at which a kernel's IP layer decides; between two of them lies one layer-2 segment. */
export const isRouted = (stage: StageKind | undefined): boolean =>
  stage === 'send' || stage === 'forward' || stage === 'deliver' || stage === 'beyond';

/** One layer-2 segment: from the interface that sends into it to the one that receives from it. */
export interface Segment {
  /** Index of the stage it begins with, in the order of travel. */
  readonly from: number;
  readonly hops: readonly Hop[];
}

function segmentFrom({ hops, stages }: Travel, from: number): Segment | undefined {
  const end = stages.findIndex((stage, index) => index > from && isRouted(stage));
  const members = hops.slice(from, end === -1 ? undefined : end);
  return members.length === 0 ? undefined : { from, hops: members };
}

/** The segment on which the packets stop or onto which they never come. */
export function outgoing(scene: Pick<Scene, 'path' | 'place'>): Segment | undefined {
  const way = travel(scene);
  if (!way) return undefined;
  for (let from = way.at; from >= 0; from -= 1) if (isRouted(way.stages[from])) return segmentFrom(way, from);
  return undefined;
}

/** The segment that the packets came over before the place, where a kernel took or refused them. */
export function incoming(scene: Pick<Scene, 'path' | 'place'>): Segment | undefined {
  const way = travel(scene);
  if (!way || !isRouted(way.stages[way.at])) return undefined;
  for (let from = way.at - 1; from >= 0; from -= 1)
    if (isRouted(way.stages[from])) return segmentFrom(way, from);
  return undefined;
}

/**
 * Does this hop lie where the packets stop: the last that saw them, or the next ones of the same segment? What is beyond
 * another routing decision cannot hold them back here.
 */
export function isNear(scene: Pick<Scene, 'path' | 'place'>, id: string | null): boolean {
  const way = travel(scene);
  if (!way || id === null) return false;
  const index = way.hops.findIndex((hop) => hop.id === id);
  if (index < 0 || index < way.at - 1) return false;
  return !way.stages.slice(way.at + 1, index + 1).some(isRouted);
}

/** Whose kernel has the packets at the place: that of the namespace whose interface showed them last. */
export const holding = ({ place }: Pick<Scene, 'place'>): Side => place?.after?.where ?? 'host';

/** Whose kernel a program of the host or of the target asks to send: one in the host's network has no other. */
export const asking = ({ flow, target }: Pick<Scene, 'flow' | 'target'>): 'host' | 'container' =>
  flow.from === 'host' || target.hostNetwork ? 'host' : 'container';

/** What routing rules may ask of a request beside its addresses. */
export const selectors = (flow: Flow): Pick<Packet, 'proto' | 'port'> => ({
  proto: carrier(flow),
  port: flow.port,
});

/** The namespace that sends the lost packets, and from which address to which. */
export interface Sender {
  readonly side: Side;
  readonly stack: Stack;
  readonly source: string | null;
  readonly destination: string;
  /** What rules of routing may choose by beside the addresses: of a request what was asked, and whose socket it is. */
  readonly selects: Pick<Packet, 'proto' | 'port' | 'uid'>;
}

/** How it asks its own routes for the way: with no source yet, which the route gives. */
export const asksRoutes = ({ destination, selects }: Sender): Packet => ({
  family: destination.includes(':') ? 6 : 4,
  destination,
  source: null,
  iif: null,
  ...selects,
});

/** Undefined where the sender is beyond this host. */
export function sender(
  scene: Pick<Scene, 'path' | 'place' | 'stacks' | 'flow' | 'sightings'>,
): Sender | undefined {
  const { path, flow, place } = scene;
  const [first, last] = [path.hops[0], path.hops.at(-1)];
  if (place?.direction === 'reply') {
    const side = path.ending === 'outside' ? undefined : (last?.where ?? path.ending);
    const asked = scene.sightings.find((one) => one.kind === 'request' && one.hop === last?.id);
    const destination = asked?.source ?? path.sourceAddress;
    if (!side || destination === null) return undefined;
    return senderOf(scene, side, path.realDestination, destination, {});
  }
  if (flow.from === 'outside') return undefined;
  const selects = { ...selectors(flow), ...(path.uid === undefined ? {} : { uid: path.uid }) };
  return senderOf(scene, first?.where ?? flow.from, path.sourceAddress, flow.address, selects);
}

function senderOf(
  scene: Pick<Scene, 'stacks'>,
  side: Side,
  source: string | null,
  destination: string,
  selects: Sender['selects'],
): Sender | undefined {
  const stack = scene.stacks[side];
  return stack ? { side, stack, source, destination, selects } : undefined;
}

/** `the container`, `the host`, `the other container`. */
export const sideName = (side: Side): string =>
  side === 'host' ? 'the host' : side === 'other' ? 'the other container' : 'the container';

/** `the host's firewall`, `the firewall of the container`. */
export const firewallName = (side: Side): string =>
  side === 'host' ? "the host's firewall" : `the firewall of ${sideName(side)}`;

/** Where commands for a side are to be run: null is netdoctor's own namespace, the host's. */
export const netnsOf = (scene: Pick<Scene, 'target' | 'stacks'>, side: Side): Netns | null =>
  side === 'container' ? scene.target.netns : side === 'other' ? (scene.stacks.other?.netns ?? null) : null;

/**
 * The ways to look at the place. A request that arrived at its end, and an answer that no hop saw, may be one thing or
 * the other: the end did not take it, or the answer stopped before its first hop. The second view is that of the answer.
 */
export function views<S extends Scene>(scene: S): readonly S[] {
  const { place, path } = scene;
  const arrived =
    place?.direction === 'request' && place.stage === 'deliver' && place.index === path.hops.length;
  return arrived ? [scene, changed(scene, { place: placeAt(path, path.hops.length, 'reply') })] : [scene];
}

/** The first claim of the views, in their order. */
export const fromAnyView = <S extends Scene, T>(scene: S, look: (view: S) => T | null): T | null => {
  for (const view of views(scene)) {
    const found = look(view);
    if (found !== null) return found;
  }
  return null;
};
