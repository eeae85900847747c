/** What a killed netdoctor left behind is removed at the next start; a living one's is spared. */
import type { Machine } from '../host/machine.ts';
import { sweepInstances } from '../witness/journey/instance.ts';

/** nft tables need no sweeping: the kernel removes them with the process that owns them. */
export function sweep(machine: Machine): void {
  if (machine.uid === 0) sweepInstances(machine);
}
