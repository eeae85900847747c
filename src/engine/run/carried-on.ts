/**
 * Does the program that took the probe's connections carry them on, and in vain? A proxy opens a connection of its own for each
 * one that it accepts; where nobody answers that, it stands in SYN-SENT while the probe's is open.
 */
import { allHoldersOf } from '../../discover/socket-holders.ts';
import { pause } from '../../host/clock.ts';
import type { Machine } from '../../host/machine.ts';
import { connectionsOf, type Ends, isQueued } from '../../kernel/accept-queue.ts';
import { isAsking } from '../../kernel/speaks-for.ts';
import { destination } from '../../model/flow.ts';
import type { Netns } from '../../model/netns.ts';
import type { Holder, SocketState } from '../../model/socket.ts';
import type { Untaken } from '../../model/untaken.ts';
import type { RunLog } from './log.ts';
import { described } from './takers.ts';

/** Between two looks. Milliseconds. */
const STEP = 100;
const LOOKS = 4;
/** Further connections, each of which must have one more behind it: a program has other reasons to ask somebody in vain. */
const MORE = 4;

export interface Asked {
  readonly machine: Machine;
  readonly netns: Netns;
  readonly log: Pick<RunLog, 'now'>;
  /** When it is given up, in milliseconds as the log counts. */
  readonly until: number;
  readonly ends: readonly Ends[];
  /** All there were at the first look, and those of them that listen. */
  readonly sockets: readonly SocketState[];
  readonly takers: readonly SocketState[];
  readonly signal: AbortSignal;
  /** Opens so many further connections of the flow, says this over each, and tells their ends. */
  readonly openMore: (count: number, says?: Uint8Array) => Promise<Ends[]>;
}

/** What it carries on, to one end. */
interface Carrying {
  readonly accepted: readonly SocketState[];
  readonly asking: readonly SocketState[];
  readonly holder: Holder;
  readonly to: { readonly address: string; readonly port: number };
  /** All of this namespace that stood in SYN-SENT then: of whoever asks the same end for others too. */
  readonly known: ReadonlySet<number>;
}

/** Null where it carries on nothing, where that was answered or given up in time, and where nobody can tell. */
export async function notCarriedOn(asked: Asked): Promise<Untaken | 'time-up' | null> {
  const { machine, log, signal, ends, takers } = asked;
  const began = log.now();
  const first = carrying(asked, asked.sockets, ends);
  if (!first || signal.aborted) return null;
  const more = await asked.openMore(MORE);
  const later = more.length < MORE ? null : await alsoCarries(asked, more, first);
  if (!later) return null;
  let standing = stillAsking(asked, later);
  // A SYN is sent again after a second without an answer: RFC 6298.
  while (standing?.some(({ retransmits }) => retransmits === 0)) {
    if (log.now() >= asked.until || signal.aborted) return 'time-up';
    await pause(machine, STEP);
    standing = stillAsking(asked, later);
  }
  if (!standing) return null;
  return {
    kind: 'carry',
    connections: first.accepted.length,
    of: ends.length,
    waited: Math.round(log.now() - began),
    takers: described(machine, asked.netns, takers, []),
    by: later.holder,
    to: later.to,
  };
}

/** A program needs a moment to accept, to fork, and to ask. */
async function alsoCarries(asked: Asked, more: readonly Ends[], first: Carrying): Promise<Carrying | null> {
  for (let looked = 0; looked < LOOKS && !asked.signal.aborted; looked++) {
    if (looked > 0) await pause(asked.machine, STEP);
    const found = carrying(asked, look(asked), more, first);
    if (found) return found;
  }
  return null;
}

function look({ machine, netns }: Asked): readonly SocketState[] {
  const answer = machine.sockets(netns);
  return answer.known ? answer.value : [];
}

const endOf = (one: SocketState): Carrying['to'] => ({
  address: one.destination,
  port: one.destinationPort,
});

/** Each of these connections, accepted, with an own one to the same end in the hands of the same process; `before`: and no earlier one. */
function carrying(
  asked: Asked,
  sockets: readonly SocketState[],
  ends: readonly Ends[],
  before?: Carrying,
): Carrying | null {
  const accepted = connectionsOf(sockets, ends).filter((one) => !isQueued(one));
  const all = sockets.filter((one) => isAsking(one) && before?.known.has(one.inode) !== true);
  if (accepted.length === 0 || accepted.length < ends.length || all.length < accepted.length) return null;
  const wanted = new Set([...accepted, ...all].map(({ inode }) => inode));
  const holders = allHoldersOf(asked.machine, asked.netns.inode, wanted);
  const pids = ({ inode }: SocketState): number[] => (holders[inode] ?? []).map(({ pid }) => pid);
  for (const end of before ? before.asking.slice(0, 1) : all) {
    const there = all.filter((one) => destination(endOf(one)) === destination(endOf(end)));
    const asking = accepted.flatMap((one) => {
      const at = there.findIndex((other) => pids(other).some((pid) => pids(one).includes(pid)));
      return at < 0 ? [] : there.splice(at, 1);
    });
    const holder = asking[0] && holders[asking[0].inode]?.[0];
    // A new one that is left over has another reason.
    if (asking.length === accepted.length && holder && !(before && there.length > 0))
      return { accepted, asking, holder, to: endOf(end), known: new Set(all.map(({ inode }) => inode)) };
  }
  return null;
}

/** Those of its own connections as they stand now; null where one has come to something. */
function stillAsking(asked: Asked, { asking }: Carrying): SocketState[] | null {
  const now = look(asked).filter((one) => isAsking(one) && asking.some(({ inode }) => inode === one.inode));
  return now.length === asking.length ? now : null;
}
