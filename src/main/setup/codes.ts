import type { SetupStatus } from '../../guide/event.ts';

/** The exit code of a set-up: a proof that fails is a fault found; what could not be done is undecided. */
export const CODES: Readonly<Record<SetupStatus, number>> = {
  done: 0,
  planned: 0,
  quit: 0,
  'not-proved': 1,
  failed: 3,
  unwound: 3,
  stuck: 3,
};
