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

/** `mark`: by which every probe of the watch is known. @throws Failure where it may not listen */
export async function openWay(machine: Machine, ground: Ground, mark: number): Promise<Way> {
  const { target, flow, path } = ground;
  const { hops } = path;
  const watched = hops.map(({ link }) => link.up);
  const blind = new Map(hops.flatMap(({ link }, hop) => (link.up ? [] : [[hop, `${link.name} is down`]])));
  const filter = filterFor(flow, path, mark);
  const spots = hops.map((hop) => spotOf(hop, target, hops[0]?.link));
  const atHops = await listenAt(machine, spots, watched, filter);
  return { ground, course: { target, flow, hops, watched, blind }, atHops };
}

/** Are these the very same interfaces, in the same state? */
export const isSameWay = (one: Path, other: Path): boolean => keyOf(one) === keyOf(other);

const keyOf = ({ hops, realDestination }: Path): string =>
  [
    realDestination,
    ...hops.map(({ id, link, netns }) => `${id} ${link.ifindex} ${link.up} ${netns?.inode}`),
  ].join();
