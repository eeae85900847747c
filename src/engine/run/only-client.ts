/**
 * A program that connects its socket of UDP to whoever speaks first, as `nc -u -l` does: the first probe becomes its one
 * client, and those after it are refused. That it has done so is the run's own doing, and no fault that was there.
 */

import type { Machine } from '../../host/machine.ts';
import type { ProbeOutcome } from '../../model/sighting.ts';
import type { Gap } from '../gaps.ts';
import { type Arriving, endsOf } from './ends.ts';
import { nameOf } from './takers.ts';

/** The far end is beyond this host, or nobody may look into it. */
const PERHAPS: Gap = {
  of: 'taking',
  what: 'whether others than the first are served',
  because:
    'each probe after the first was refused, as by a program that takes the first that speaks to it for its only client (nc -u -l), and whose socket that is could not be looked at',
};

/** What is said of it; null where no socket of the far end has taken a probe's sender for its only one. */
export function onlyClient(
  of: Arriving & { readonly machine: Machine },
  outcomes: readonly ProbeOutcome[],
): Gap | null {
  const { machine, plan } = of;
  const last = plan.path.hops.at(-1);
  const taken = outcomes.filter(({ result }) => result !== 'refused');
  if (plan.flow.proto !== 'udp' || plan.path.origin === 'outside') return null;
  if (!last || taken.length === 0 || taken.length === outcomes.length) return null;
  const sockets = plan.path.ending === 'outside' ? null : machine.sockets(last.netns);
  if (!sockets?.known) return taken.length === 1 && taken[0] === outcomes[0] ? PERHAPS : null;
  const ends = endsOf(of, last.id, taken);
  const socket = sockets.value.find(
    (one) =>
      one.proto === 'udp' &&
      one.state === 'ESTAB' &&
      ends.some(({ port, peer }) => port === one.sourcePort && peer === one.destinationPort),
  );
  if (!socket) return null;
  return {
    of: 'client',
    what: 'further probes',
    because: `${nameOf(machine, last.netns ?? machine.self, socket)} has connected its socket on port ${socket.sourcePort} to the first of them, as nc -u -l does with the first that speaks to it: it takes datagrams of nobody else until it is started anew`,
  };
}
