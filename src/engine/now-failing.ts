/** What a target's own programs fail at now, without a question: what `now` of the conversation lists. */
import { setTimeout as pause } from 'node:timers/promises';
import { failingFlows, firstLook } from '../discover/failing.ts';
import { readStacks } from '../discover/path.ts';
import type { Machine } from '../host/machine.ts';
import type { Failing } from '../model/failing.ts';
import { cannotLook } from '../model/failure.ts';
import { findTarget } from '../targets/target.ts';

/** Between the two looks at the sockets: longer than a connection over the internet takes to stand. Milliseconds. */
const APART = 300;

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
  const [{ container }] = await Promise.all([readStacks(machine, target), pause(APART)]);
  return failingFlows(machine, target, container, first);
}
