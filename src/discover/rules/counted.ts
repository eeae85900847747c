import type { Rule } from '../../model/evidence.ts';

/** A rule with what it has counted so far; null where it does not count. */
export interface Counted {
  readonly rule: Rule;
  readonly packets: number | null;
  readonly bytes: number | null;
}
