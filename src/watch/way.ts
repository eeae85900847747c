/** A way with somebody listening at each of its hops. A probe belongs to the way that it was sent on. */
import { spotOf } from '../capture/spots.ts';
import type { Machine } from '../host/machine.ts';
import type { Path } from '../model/path.ts';
import { filterFor } from './filter.ts';
import type { Ground } from './ground.ts';
import { type AtHops, listenAt } from './listening.ts';
import type { Course } from './question.ts';

export interface Way {
  readonly ground: Ground;
  readonly course: Course;
  readonly atHops: AtHops;
}

/** Why nobody looks at a hop that everybody's packets pass. */
const RESTING = 'so much passes that it is listened to when something was lost';

/** By what it is known, and listened to. */
export interface Manner {
  /** By which every probe of the watch is known. */
  readonly mark: number;
  /** Only at interfaces that no packets of others pass. */
  readonly lightly: boolean;
}

/** @throws Failure where it may not listen */
export async function openWay(machine: Machine, ground: Ground, { mark, lightly }: Manner): Promise<Way> {
  const { target, flow, path } = ground;
  const { hops } = path;
  const spots = hops.map((hop) => spotOf(hop, target, hops[0]?.link));
  const isOwn = (hop: number): boolean => spots[hop]!.passes === 'own';
  // Of a target that has none of its own, as one in the host's network, nothing would be seen.
  const own = lightly && hops.some(({ link }, hop) => link.up && isOwn(hop));
  const blind = new Map(
    hops.flatMap(({ link }, hop): [number, string][] => {
      if (!link.up) return [[hop, `${link.name} is down`]];
      return own && !isOwn(hop) ? [[hop, RESTING]] : [];
    }),
  );
  const watched = hops.map((_, hop) => !blind.has(hop));
  const atHops = await listenAt(machine, spots, watched, filterFor(flow, path, mark));
  return { ground, course: { target, flow, hops, watched, blind }, atHops };
}

/** Are these the very same interfaces, in the same state? */
export const isSameWay = (one: Path, other: Path): boolean => keyOf(one) === keyOf(other);

const keyOf = ({ hops, realDestination }: Path): string =>
  [
    realDestination,
    ...hops.map(({ id, link, netns }) => `${id} ${link.ifindex} ${link.up} ${netns?.inode}`),
  ].join();
