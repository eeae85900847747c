/**
 * The source port from which one probe goes out, where connection tracking has an unanswered entry for this very question.
 * Datagrams only: a connection has a new port each time.
 */
import type { Ground } from '../discover/fact.ts';
import { gather } from '../discover/facts.ts';
import { aged } from '../discover/failing.ts';
import type { Machine } from '../host/machine.ts';
import { isFresh } from '../kernel/failing.ts';
import { clausesOf, holdsPort } from '../kernel/rule-clauses.ts';
import type { Rule } from '../model/evidence.ts';
import type { Tracked } from '../model/facts.ts';
import type { SocketState } from '../model/socket.ts';
import { probeKindOf } from '../probe/kinds.ts';

/**
 * `sockets`: those of the sender's programs before anything is sent; absent where they are not known. `ofThem`: the question is
 * what they ask now, and no port that nobody has any more is of interest.
 */
export async function stuckPort(
  machine: Machine,
  ground: Ground,
  sockets: readonly SocketState[] | undefined,
  ofThem: boolean,
): Promise<number | null> {
  const { flow } = ground;
  if (flow.proto !== 'udp' && flow.proto !== 'dns') return null;
  // Whoever is answered from fresh ports asks from one each time.
  if (probeKindOf(flow.proto).fromAnyPort?.(flow)) return null;
  const { conntrack } = await gather(machine, ground, ['conntrack']);
  const entries = conntrack?.known ? conntrack.value.entries : [];
  const held = heldLongest(entries, flow.port, sockets ?? [], (entry) => aged(machine, entry).age);
  if (held !== null) {
    const { firewall } = await gather(machine, ground, ['firewall']);
    const rules = firewall?.known ? Object.values(firewall.value).flat() : [];
    const towards = entries.filter(({ original }) => original.destinationPort === flow.port);
    const taken = [...(sockets ?? []), ...towards.map(({ original }) => original)];
    return besideHeld(held, new Set(taken.map(({ sourcePort }) => sourcePort)), rules);
  }
  if (ofThem) return null;
  return portToTry(entries, flow.port, sockets, (entry) => isFresh(aged(machine, entry)));
}

const holds = (sockets: readonly SocketState[], { original }: Tracked): boolean =>
  sockets.some(({ proto, sourcePort }) => proto === 'udp' && sourcePort === original.sourcePort);

/**
 * The port from which a program that is there now speaks with that end: rules tell answers by ranges of ports, and a fresh port
 * of ours may lie in another one (ip_local_port_range, from which programs need not take theirs). Of several the one that has been
 * silent for longest: whoever is answered often gives his up. `age`: since its last packet.
 */
export function heldLongest(
  entries: readonly Tracked[],
  to: number | null,
  sockets: readonly SocketState[],
  age: (entry: Tracked) => number | null,
): number | null {
  const [longest] = entries
    .filter((entry) => entry.original.destinationPort === to && holds(sockets, entry))
    .toSorted((a, b) => (age(b) ?? 0) - (age(a) ?? 0));
  return longest?.original.sourcePort ?? null;
}

/** The nearest first; those of questions that were asked before stay taken for half a minute: nf_conntrack_udp_timeout. */
const BESIDE = Array.from({ length: 32 }, (_, at) => at + 1).flatMap((step) => [step, -step]);

/** Does every rule that asks for a port make the same of both? Requests come from it, and answers go to it. */
const isAlike = (rules: readonly Rule[], one: number, other: number): boolean =>
  rules.every((rule) =>
    clausesOf(rule)
      .asks.filter(({ on }) => on === 'sport' || on === 'dport')
      .every((clause) => holdsPort(clause, one) === holdsPort(clause, other)),
  );

/** A free port beside that one, which stands for it: on the same side of 1024, and to every one of these rules. */
export function besideHeld(
  port: number,
  taken: ReadonlySet<number | null>,
  rules: readonly Rule[],
): number | null {
  const isFree = (one: number): boolean =>
    one > 0 && one <= 65535 && one < 1024 === port < 1024 && !taken.has(one);
  return BESIDE.map((step) => port + step).find((one) => isFree(one) && isAlike(rules, one, port)) ?? null;
}

/**
 * An old entry holds its own flow alone. Of what was not answered lately, while no program that is there now speaks with that end: it is about those that the question is
 * asked, and what one that has gone left behind keeps none of them from anything.
 */
export function portToTry(
  entries: readonly Tracked[],
  port: number | null,
  sockets: readonly SocketState[] | undefined,
  isLate: (entry: Tracked) => boolean,
): number | null {
  const towards = entries.filter(({ original }) => original.destinationPort === port);
  if (towards.some((entry) => holds(sockets ?? [], entry))) return null;
  const stuck = towards.find((entry) => entry.flags.includes('UNREPLIED') && isLate(entry));
  return stuck?.original.sourcePort ?? null;
}
