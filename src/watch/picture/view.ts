/** What is shown of a watch at one moment. */
import type { Glyphs } from '../../output/glyphs.ts';
import type { Happenings } from '../happenings.ts';
import type { Course } from '../question.ts';
import type { Glance } from '../recent.ts';
import type { Told } from '../tally.ts';

export interface View {
  readonly course: Course;
  /** Of the whole run, or of its last seconds. */
  readonly told: Told;
  /** Seconds; null: the whole run. */
  readonly window: number | null;
  readonly happenings: Happenings;
  /** The last packets, the oldest first. */
  last(count: number): readonly Glance[];
  /** Seconds since it began, and between two probes. */
  readonly elapsed: number;
  readonly interval: number;
  /** Number of the leg of which all is told; null: of none. */
  readonly chosen: number | null;
  readonly isFrozen: boolean;
  readonly glyphs: Glyphs;
  readonly columns: number;
}
