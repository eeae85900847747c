import type { Hop } from '../../src/model/path.ts';
import { healthy, type Way } from '../causes/scene.ts';

/** The hops of one of the lab's flows. */
export const hopsOf = (way: Way): readonly Hop[] => healthy(way).path.hops as unknown as readonly Hop[];
