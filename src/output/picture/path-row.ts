import type { Mark } from '../glyphs.ts';

/** A row of the path, before anybody decides how wide it is. */
export interface PathRow {
  /** Hop id; null for a row that is no interface: the place of the stop, a gap, the destination. */
  readonly hop: string | null;
  readonly mark: Mark;
  readonly name: string;
  readonly label: string;
  readonly about: string;
  /** `3 sent`, `0 seen`. */
  readonly out: string;
  /** `0 back`. */
  readonly back: string;
}
