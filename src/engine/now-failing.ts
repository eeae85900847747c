/** What a target's own programs fail at now, without a question: what `now` of the conversation lists. */
import { failingFlows, firstLook } from '../discover/failing.ts';
import { readStacks } from '../discover/path.ts';
import { watchRefusals } from '../discover/refusals.ts';
import { pause } from '../host/clock.ts';
import type { Machine } from '../host/machine.ts';
import type { Failing } from '../model/failing.ts';
import { cannotLook } from '../model/failure.ts';
import { findTarget } from '../targets/target.ts';

/** Between the two looks: longer than a connection over the internet takes to stand, and than most programs wait before they try again. Milliseconds. */
const APART = 1500;

/** The worst first. @throws Failure where there is no such target, or its sockets cannot be told from the host's */
export async function nowFailing(machine: Machine, name: string): Promise<readonly Failing[]> {
  const target = await findTarget(machine, name);
  const first = firstLook(machine, target);
  if (first === null)
    throw cannotLook(
      'no-sockets',
      target.hostNetwork
        ? `${target.name} shares this host's network: its connections are those of the whole host.`
        : `The sockets of ${target.name} could not be looked at.`,
      'Name a destination: check to 198.51.100.1:443',
    );
  const refusals = watchRefusals(machine, target.netns);
  const [{ container }] = await Promise.all([readStacks(machine, target), pause(machine, APART)]);
  const failing = await failingFlows(machine, target, container, first);
  const refused = refusals.seen();
  await refusals.stop();
  return [...failing, ...refused];
}
