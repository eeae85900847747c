/** One probe without witnesses: only whether an answer comes. */
import type { Machine } from '../host/machine.ts';
import type { Flow } from '../model/flow.ts';
import type { Netns } from '../model/netns.ts';
import type { ProbeOutcome } from '../model/sighting.ts';
import { probeKindOf } from '../probe/kinds.ts';
import { openSender } from './run/sending.ts';

/** How it ended; null where nothing came within so many milliseconds, or nothing could be sent. */
export function askOnce(
  machine: Machine,
  flow: Flow,
  netns: Netns | null,
  wait: number,
): Promise<ProbeOutcome | null> {
  return new Promise((resolve) => {
    const settle = (outcome: ProbeOutcome | null): void => {
      cancel();
      if (sender.known) sender.value.close();
      resolve(outcome);
    };
    const cancel = machine.after(wait, () => settle(null));
    const sender = openSender(machine, {
      flow,
      kind: probeKindOf(flow.proto),
      count: 1,
      first: 0,
      netns,
      onOutcome: settle,
      onTimeUp: () => settle(null),
    });
    if (sender.known) void sender.value.send(() => {});
    else settle(null);
  });
}
