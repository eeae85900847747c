/**
 * The source port of an unanswered entry of connection tracking for this very question: one probe goes out from it, for an old
 * entry holds its own flow alone. Datagrams only: a connection has a new port each time.
 */
import type { Ground } from '../discover/fact.ts';
import { gather } from '../discover/facts.ts';
import { aged } from '../discover/failing.ts';
import type { Machine } from '../host/machine.ts';
import { isFresh } from '../kernel/failing.ts';
import type { Tracked } from '../model/facts.ts';
import type { SocketState } from '../model/socket.ts';
import { probeKindOf } from '../probe/kinds.ts';

/** `sockets`: those of the sender's programs before anything is sent; absent where they are not known. */
export async function stuckPort(
  machine: Machine,
  ground: Ground,
  sockets: readonly SocketState[] | undefined,
): Promise<number | null> {
  const { flow } = ground;
  if (flow.proto !== 'udp' && flow.proto !== 'dns') return null;
  // Whoever is answered from fresh ports asks from one each time.
  if (probeKindOf(flow.proto).fromAnyPort?.(flow)) return null;
  const { conntrack } = await gather(machine, ground, ['conntrack']);
  const entries = conntrack?.known ? conntrack.value.entries : [];
  return portToTry(entries, flow.port, sockets, (entry) => isFresh(aged(machine, entry)));
}

/**
 * Of what was not answered lately, while no program that is there now speaks with that end: it is about those that the question is
 * asked, and what one that has gone left behind keeps none of them from anything.
 */
export function portToTry(
  entries: readonly Tracked[],
  port: number | null,
  sockets: readonly SocketState[] | undefined,
  isLate: (entry: Tracked) => boolean,
): number | null {
  const towards = entries.filter(({ original }) => original.destinationPort === port);
  const isHeld = ({ original }: Tracked): boolean =>
    sockets?.some(({ proto, sourcePort }) => proto === 'udp' && sourcePort === original.sourcePort) === true;
  if (towards.some(isHeld)) return null;
  const stuck = towards.find((entry) => entry.flags.includes('UNREPLIED') && isLate(entry));
  return stuck?.original.sourcePort ?? null;
}
