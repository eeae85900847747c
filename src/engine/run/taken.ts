/**
 * Did a program take the probe's connections? The kernel opens them and acknowledges their data by itself. Where the far end
 * is on this host its side of them can be looked at: they wait to be accepted, or what they carry waits to be read.
 */
import { pause } from '../../host/clock.ts';
import type { Machine, ProbeSocket } from '../../host/machine.ts';
import { connectionsOf, type Ends, isQueued, shortened, takersOf } from '../../kernel/accept-queue.ts';
import type { Exchange } from '../../model/exchange.ts';
import type { Netns } from '../../model/netns.ts';
import type { SocketState } from '../../model/socket.ts';
import type { Untaken } from '../../model/untaken.ts';
import { seconds } from '../../words/text.ts';
import { type Gap, TIME_UP } from '../gaps.ts';
import { type AskedInVain, bringsNothing } from './brings-nothing.ts';
import { type Asked, notCarriedOn } from './carried-on.ts';
import { endsOf } from './ends.ts';
import { openFurther, opening } from './further.ts';
import { halfOpenOf, isDeferred } from './half-open.ts';
import type { RunLog } from './log.ts';
import type { RunPlan } from './plan.ts';
import type { Sender } from './sending.ts';
import { aliveByHolder, described, mayHaveAccepted, nameOf } from './takers.ts';

/** Between two looks. Milliseconds. */
const STEP = 100;
/** Less tells nothing of a program, which may be busy. Milliseconds. */
const LEAST = 1000;
/** Connections for each socket that shares a port, and in all: each is then met by some, but once in a thousand times. */
const EACH = 8;
const MOST = 32;

const unseen = (because: string): Gap => ({
  of: 'taking',
  what: 'whether the program takes connections',
  because,
});

const UNTOLD =
  'some of its sockets let connections wait and some were accepted, and nobody could see whose each of them is: a program may serve one after the other';

const HALF_OPEN: Gap = {
  of: 'taking',
  what: 'whether the program takes connections',
  because:
    'those of the probe stand for this end and are half-open at the other (SYN-RECV): the last packet of the handshake did not come there, or its queue had no room',
};

const DEFERRED: Gap = {
  of: 'deferred',
  what: 'what the program says',
  because:
    'its listener opens a connection when data of the client comes (TCP_DEFER_ACCEPT): nothing was said, and a program that speaks first would not have spoken either',
};

export interface Of {
  readonly machine: Machine;
  readonly plan: Pick<RunPlan, 'flow' | 'path' | 'netns' | 'wait' | 'deadline' | 'cgroup' | 'user'>;
  readonly sender: Pick<Sender, 'run' | 'owns' | 'close'>;
  readonly log: RunLog;
  readonly exchange: Exchange | null;
  /** What was said first. */
  readonly opening: Uint8Array;
  readonly signal: AbortSignal;
}

/** What was left standing, or that nobody had the time to see it. */
export interface Taken {
  readonly left: Untaken | null;
  readonly gap: Gap | null;
}

const WELL: Taken = { left: null, gap: null };

/** Well where they were taken, and where the far end is elsewhere. */
export async function untaken(of: Of): Promise<Taken> {
  const { flow, path } = of.plan;
  const last = path.hops.at(-1);
  const isHere = path.ending !== 'outside' && path.origin !== 'outside' && last !== undefined;
  const spoke = of.exchange === null || /^(answered|quiet)$/.test(of.exchange.result);
  if (flow.proto !== 'tcp' || !isHere || !spoke) return WELL;
  const ends = endsAt(of);
  const further: ProbeSocket[] = [];
  try {
    const answer = of.machine.sockets(last.netns);
    const isAnswered = of.exchange?.result === 'answered';
    // The kernel opens connections by itself: that they stand proves no program.
    if (!answer.known) return isAnswered ? WELL : { left: null, gap: unseen(answer.detail) };
    const sockets = answer.value;
    const takers = takersAt(of, sockets, ends);
    // The only one there has answered: it takes what comes, be it one after the other.
    if (!takers || (takers.length === 1 && isAnswered)) return WELL;
    const { machine, log, signal } = of;
    const netns = last.netns ?? machine.self;
    const own = [...ends];
    const openMore = (count: number, says?: Uint8Array): Promise<Ends[]> =>
      openFurther(of, own[0]!.port, count, further, says);
    const asked = { machine, netns, log, ends: own, takers, signal, openMore };
    const carried = async (there: readonly SocketState[]): Promise<Taken> => {
      const found = await notCarriedOn({ ...asked, sockets: there, until: giveUp(of) });
      if (!found) return WELL;
      return 'because' in found ? { left: null, gap: found } : { left: found, gap: null };
    };
    // Who waits for somebody else need not have read by then.
    const first = await carried(sockets);
    if (first !== WELL) return first;
    if (takers.length > 1) ends.push(...(await openMore(Math.min(MOST, EACH * takers.length))));
    const seen = await watched(of, last.netns, ends);
    const now = look(machine, last.netns) ?? sockets;
    // Nor have accepted, by the first look.
    const then = await carried(now);
    if (then !== WELL) return then;
    if (seen !== WELL) return seen;
    const hangUp = (): void => {
      for (const socket of [of.sender, ...further]) socket.close();
    };
    const behind = await waitedFor(of, { ...asked, sockets: now, hangUp });
    return behind === WELL ? await unheard(of, last.netns, ends, takers) : behind;
  } finally {
    for (const socket of further) socket.close();
  }
}

/** What was said was not answered, or nothing was said: does the program wait for somebody else? */
async function waitedFor(of: Of, around: Omit<Asked, 'until'> & Pick<AskedInVain, 'hangUp'>): Promise<Taken> {
  const { exchange, opening, log, plan } = of;
  if (exchange?.result === 'answered') return WELL;
  const isAsked = exchange !== null && opening.length > 0;
  const found = await bringsNothing({
    ...around,
    ends: isAsked ? endsAt(of, [exchange.over]) : around.ends,
    said: isAsked ? { bytes: opening, exchange } : null,
    since: log.sent[isAsked ? exchange.probe : 0] ?? 0,
    wait: plan.wait,
    until: plan.deadline - STEP,
  });
  if (!found) return WELL;
  return 'left' in found ? { left: found.left, gap: null } : { left: null, gap: found.note };
}

/** Nobody was heard: is the connection open at the other end too, and if so, in whose hands? */
async function unheard(
  of: Of,
  netns: Netns | null,
  ends: readonly Ends[],
  takers: readonly SocketState[],
): Promise<Taken> {
  const { machine, exchange, signal } = of;
  const isUngreeted = exchange?.speech === 'greeting';
  const sockets = exchange === null || isUngreeted ? look(machine, netns) : null;
  if (!sockets || signal.aborted) return WELL;
  const half = halfOpenOf(sockets, ends);
  if (half.length > 0) {
    if (!(await isDeferred(machine, netns, () => opening(of, () => {}))))
      return { left: null, gap: HALF_OPEN };
    if (!isUngreeted) return { left: null, gap: DEFERRED };
    return {
      left: {
        kind: 'defer',
        connections: half.length,
        of: ends.length,
        waited: exchange.waited,
        takers: described(machine, netns ?? machine.self, takers, []),
      },
      gap: null,
    };
  }
  const [accepted] = connectionsOf(sockets, ends).filter((one) => !isQueued(one));
  if (!isUngreeted || !accepted) return WELL;
  return { left: null, gap: saysNothing(nameOf(machine, netns ?? machine.self, accepted), exchange.waited) };
}

const saysNothing = (who: string, waited: number): Gap => ({
  of: 'greeting',
  what: 'what the program says',
  because: `${who} accepted the connection, and said nothing for ${seconds(waited)} where a server of this port speaks first`,
});

/** Of the probes that were answered, or of these alone, as they arrived. */
const endsAt = (of: Of, only?: readonly number[]): Ends[] =>
  endsOf(
    of,
    of.plan.path.hops.at(-1)!.id,
    [...of.log.outcomes.values()].filter(
      ({ result, probe }) => result === 'answered' && (only?.includes(probe) ?? true),
    ),
  );

function look(machine: Machine, netns: Netns | null): readonly SocketState[] | null {
  const answer = machine.sockets(netns);
  return answer.known ? answer.value : null;
}

const takersAt = (
  { plan: { flow, path } }: Of,
  sockets: readonly SocketState[],
  ends: readonly Ends[],
): SocketState[] | null => {
  const [first] = ends;
  return first
    ? takersOf(sockets, { address: path.realDestination, port: first.port, family: flow.family })
    : null;
};

/** What stands untaken at one look; null where nothing does, and where nobody could look. */
interface Standing {
  readonly stuck: readonly SocketState[];
  readonly takers: readonly SocketState[];
  readonly mine: readonly SocketState[];
}

/** Until when it is looked, from now on. */
const giveUp = ({ log, plan }: Of): number =>
  Math.min(log.now() + Math.max(LEAST, plan.wait * 2), plan.deadline - STEP);

/** Looks until everything has been taken, or has stood for as long as a program may be busy. */
async function watched(of: Of, netns: Netns | null, ends: readonly Ends[]): Promise<Taken> {
  const { machine, log, signal } = of;
  const began = log.now();
  const until = giveUp(of);
  const isOver = (): boolean => log.now() >= until || signal.aborted;
  const next = looker(of, netns, ends);
  let standing = next(true);
  while (standing && !isOver()) {
    await pause(machine, STEP);
    standing = next(isOver());
  }
  if (!standing) return WELL;
  const waited = Math.round(log.now() - began);
  if (waited < LEAST - STEP) return { left: null, gap: TIME_UP };
  const { stuck, takers, mine } = standing;
  const owned = mine.filter((one) => !isQueued(one));
  if (stuck.length > 0 && mayHaveAccepted(machine, netns ?? machine.self, stuck, owned))
    return { left: null, gap: unseen(UNTOLD) };
  const common = {
    of: mine.length,
    waited,
    takers: described(machine, netns ?? machine.self, takers, stuck),
  };
  const left: Untaken =
    stuck.length > 0
      ? { kind: 'accept', connections: mine.filter(isQueued).length, ...common }
      : { kind: 'read', connections: 1, ...common };
  return { left, gap: null };
}

/** Each look knows those before it; `closely`: it reads the open files of every process there. */
function looker(of: Of, netns: Netns | null, ends: readonly Ends[]): (closely: boolean) => Standing | null {
  const { machine, exchange, sender } = of;
  const spoken = exchange?.result === 'quiet' && exchange.speech !== 'greeting' ? exchange.over : null;
  const peer = spoken === null ? undefined : sender.run.ports[spoken - sender.run.first];
  const alive = new Set<number>();
  let before: readonly SocketState[] = [];
  return (closely) => {
    const sockets = look(machine, netns);
    const takers = sockets && takersAt(of, sockets, ends);
    if (!sockets || !takers) return null;
    const mine = connectionsOf(sockets, ends);
    const owned = mine.filter((one) => !isQueued(one));
    for (const inode of shortened(before, takers)) alive.add(inode);
    before = takers;
    if (takers.length === 1 && owned.length > 0) alive.add(takers[0]!.inode);
    const isQueueing = owned.length < mine.length;
    if (isQueueing && takers.length > 1 && closely)
      for (const inode of aliveByHolder(machine, netns ?? machine.self, takers, owned)) alive.add(inode);
    const stuck = isQueueing ? takers.filter((one) => one.receiveQueue > 0 && !alive.has(one.inode)) : [];
    // Whoever answered by now has read.
    const isUnread = owned.some((one) => one.destinationPort === peer && one.receiveQueue > 0);
    return stuck.length > 0 || isUnread ? { stuck, takers, mine } : null;
  };
}
