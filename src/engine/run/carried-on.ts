/**
 * Does the program that took the probe's connections carry them on, and in vain? A proxy opens a connection of its own for each
 * one that it accepts; where nobody answers that, it stands in SYN-SENT while the probe's is open.
 */
import { pause } from '../../host/clock.ts';
import type { Machine } from '../../host/machine.ts';
import { connectionsOf, type Ends, isQueued } from '../../kernel/accept-queue.ts';
import { isAsking } from '../../kernel/speaks-for.ts';
import { destination } from '../../model/flow.ts';
import type { Netns } from '../../model/netns.ts';
import type { Holder, SocketState } from '../../model/socket.ts';
import type { Untaken } from '../../model/untaken.ts';
import { type Gap, TIME_UP } from '../gaps.ts';
import type { RunLog } from './log.ts';
import { type End, isTo, pairedIn } from './paired.ts';
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
  /** Null where nobody could see whose the one or the other is. */
  readonly holder: Holder | null;
  readonly to: End;
  /** All of this namespace that stood in SYN-SENT then: of whoever asks the same end for others too. */
  readonly known: ReadonlySet<number>;
}

const gap = (because: string): Gap => ({
  of: 'taking',
  what: 'whether the program carries connections on, and in vain',
  because,
});

/** Null where it carries on nothing, and where that was answered. */
export async function notCarriedOn(asked: Asked): Promise<Untaken | Gap | null> {
  const { machine, log, signal, ends, takers } = asked;
  const first = carrying(asked, asked.sockets, ends);
  if (!first || signal.aborted) return null;
  const more = await asked.openMore(MORE);
  const later = more.length < MORE ? null : await alsoCarries(asked, more, first);
  if (!later || 'because' in later) return later;
  const { to, holder } = later;
  let standing = stillAsking(asked, later);
  // A SYN is sent again after a second without an answer: RFC 6298. Those that stood before may have come to that sooner.
  while (standing && !isInVain(standing) && !isInVain(stillAsking(asked, first))) {
    if (log.now() >= asked.until || signal.aborted) return TIME_UP;
    await pause(machine, STEP);
    standing = stillAsking(asked, later);
  }
  if (!standing)
    return cameToNothing(asked, later)
      ? gap(`it has given up what it opened to ${destination(to)} for each that it accepted`)
      : null;
  if (!first.holder || !holder)
    return gap(
      `for each that it accepted one to ${destination(to)} stands in SYN-SENT, and nobody could see whose it is`,
    );
  return {
    kind: 'carry',
    connections: first.accepted.length,
    of: ends.length,
    waited: Math.round(log.now()),
    takers: described(machine, asked.netns, takers, []),
    by: holder,
    to,
  };
}

/** A program needs a moment to accept, to fork, and to ask. */
async function alsoCarries(
  asked: Asked,
  more: readonly Ends[],
  first: Carrying,
): Promise<Carrying | Gap | null> {
  for (let looked = 0; looked < LOOKS && !asked.signal.aborted; looked++) {
    if (looked > 0) await pause(asked.machine, STEP);
    const answer = asked.machine.sockets(asked.netns);
    if (!answer.known) return gap(answer.detail);
    const found = carrying(asked, answer.value, more, first);
    if (found) return found;
  }
  return null;
}

/** All of that namespace as they are now; none where nobody may look. */
export function look({ machine, netns }: Pick<Asked, 'machine' | 'netns'>): readonly SocketState[] {
  const answer = machine.sockets(netns);
  return answer.known ? answer.value : [];
}

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
  const found = pairedIn(asked.machine, asked.netns, accepted, all).find(
    ({ own, over, to }) =>
      own.length === accepted.length &&
      // A new one that is left over has another reason.
      (before === undefined || (isTo(before.to)(to) && over === 0)),
  );
  if (!found) return null;
  const { own: asking, holder, to } = found;
  return { accepted, asking, holder, to, known: new Set(all.map(({ inode }) => inode)) };
}

/** Those of its own connections as they stand now; null where one has come to something. */
function stillAsking(asked: Asked, { asking }: Carrying): SocketState[] | null {
  const now = look(asked).filter((one) => isAsking(one) && asking.some(({ inode }) => inode === one.inode));
  return now.length === asking.length ? now : null;
}

const isInVain = (standing: readonly SocketState[] | null): boolean =>
  standing?.every(({ retransmits }) => retransmits > 0) ?? false;

/** Nothing of them is left, in whatever state: none was answered. */
const cameToNothing = (asked: Asked, { asking }: Carrying): boolean =>
  !look(asked).some(({ sourcePort, destination: to, state }) =>
    asking.some((one) => state !== 'SYN-SENT' && one.sourcePort === sourcePort && one.destination === to),
  );
