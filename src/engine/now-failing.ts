/** What a target's own programs fail at now, without a question: what `now` of the conversation lists. */
import { watchAttempts } from '../discover/attempts.ts';
import { failingFlows, firstLook, unlessAnswered } from '../discover/failing.ts';
import { readStacks } from '../discover/path.ts';
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
  const attempts = watchAttempts(machine, target.netns);
  const [{ container }] = await Promise.all([readStacks(machine, target), pause(machine, APART)]);
  const failing = await failingFlows(machine, target, container, first);
  const tried = await unlessAnswered(machine, container, attempts.seen());
  await attempts.stop();
  const isTold = (one: Failing): boolean =>
    failing.some(
      ({ proto, address, port }) => proto === one.proto && address === one.address && port === one.port,
    );
  return [...failing, ...tried.filter((one) => !isTold(one))];
}
