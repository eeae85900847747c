/** Nothing that was reachable before a change may be lost by it: the neighbours are asked before it and after it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Machine } from '../host/machine.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import { type Answered, askOnce } from './bystanders/ask.ts';
import { watchDepartures } from './bystanders/departures.ts';
import { type Bystander, flowsAround } from './bystanders/flow.ts';
import { lookAround } from './bystanders/look.ts';

export interface Bystanders {
  /** How many flows were answered before the change. */
  readonly count: number;
  /** Asks them again; those that are no longer answered, in words. `settling` in milliseconds. */
  lost(settling: number): Promise<string[]>;
}

/** Milliseconds that an answer is waited for: over a LAN and a slow bridge, not over the world. */
const WAIT = 1000;

export const nobody: Bystanders = { count: 0, lost: async () => [] };

/** Both, each flow named once: what a kept change has made reachable stands beside what was reachable before it. */
export const together = (earlier: Bystanders, later: Bystanders): Bystanders => ({
  count: Math.max(earlier.count, later.count),
  async lost(settling) {
    // One after the other: of what is in both, the second look finds what the first has woken.
    const missing = [...(await later.lost(settling)), ...(await earlier.lost(settling))];
    return [...new Set(missing)];
  },
});

/** Finds who lives around the target, and which of their flows are answered. */
export async function bystanders(machine: Machine, diagnosis: Diagnosis): Promise<Bystanders> {
  const around = await lookAround(machine, diagnosis);
  if (around === null) return nobody;
  const own = around.host.stack.links.flatMap(({ addresses }) => addresses.map(({ address }) => address));
  return keeping(machine, flowsAround(around), WAIT, new Set(own));
}

/**
 * Those of these flows that are answered twice in a row; each answer is waited for `wait` milliseconds, unless it is seen
 * that there can be none. `own`: the host's addresses, where that is to be looked at.
 */
export async function keeping(
  machine: Machine,
  flows: readonly Bystander[],
  wait = WAIT,
  own?: ReadonlySet<string>,
): Promise<Bystanders> {
  const askAll = async (asked: readonly Bystander[]) => {
    const departures = own && asked.length > 0 ? watchDepartures(machine, own) : null;
    const answers = await Promise.all(
      asked.map(async (flow) => ({ flow, answer: await askOnce(machine, flow, wait, departures) })),
    );
    departures?.stop();
    return answers;
  };
  const first = await askAll(flows);
  // What is answered now and then would be called lost by chance.
  const second = await askAll(first.filter(({ answer }) => answer !== 'silent').map(({ flow }) => flow));
  const steady = second.filter(({ flow, answer }) =>
    first.some((one) => one.flow === flow && one.answer === answer),
  );
  return {
    count: steady.length,
    async lost(settling) {
      let missing = steady;
      // A link that came up, a neighbour that is asked for again: three looks are fair ones.
      for (let look = 0; look < 3 && missing.length > 0; look++) {
        if (look > 0) await sleep(settling / 2);
        const now = await askAll(missing.map(({ flow }) => flow));
        missing = missing.filter((_, index) => isWorse(missing[index]!.answer, now[index]!.answer));
      }
      return missing.map(({ flow }) => flow.says);
    },
  };
}

const isWorse = (before: Answered, after: Answered): boolean =>
  after === 'silent' || (before === 'answered' && after === 'refused');
