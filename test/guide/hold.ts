import type { PlannedHold } from '../../src/guide/plan.ts';

/** What must hold of a recipe: an answer to red's ping, unless told otherwise. */
export const hold = (part: Partial<PlannedHold>): PlannedHold => ({
  from: 'new:red',
  to: '10.0.0.1',
  proto: 'icmp',
  answered: true,
  ...part,
});
