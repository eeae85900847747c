/**
 * Does a program wait for somebody else in vain before it answers? A proxy says over a connection of its own what was said over
 * the probe's, or lets both stand; whether anything has come over that one, its kernel tells. That it is for the probe's is
 * seen by asking again: each further question has one more such connection behind it, in the hands of the same process.
 */
import { pause } from '../../host/clock.ts';
import { connectionsOf, type Ends, isQueued, shortened } from '../../kernel/accept-queue.ts';
import {
  endsOfSocket,
  isAsking,
  isNewAndSilent,
  isUnanswered,
  openedThere,
  saysAsMuch,
} from '../../kernel/speaks-for.ts';
import type { Exchange } from '../../model/exchange.ts';
import { destination } from '../../model/flow.ts';
import type { SocketState } from '../../model/socket.ts';
import type { Mute, Untaken } from '../../model/untaken.ts';
import { processName } from '../../words/telling.ts';
import { seconds } from '../../words/text.ts';
import type { Gap } from '../gaps.ts';
import { type Asked, look } from './carried-on.ts';
import { type FarSide, farSideOf, isHidden } from './far-side.ts';
import { endOf, endsAmong, isTo, type Paired, pairedIn } from './paired.ts';
import { described } from './takers.ts';

/** Between two looks. Milliseconds. */
const STEP = 100;
const LOOKS = 4;
/** Less tells nothing of a program, which may be busy. Milliseconds. */
const LEAST = 1000;
/** Further questions, and how many of them must lead to the same end: a balancer has several. */
const MORE = 4;
const SAME = 2;
/** A program that reads hears at once that its client has said all. Milliseconds. */
const HANGING_UP = 500;

const TIME_UP: Gap = {
  of: 'taking',
  what: 'whether the program waits for somebody else',
  because:
    'it has opened connections of its own, nothing came over them, and the time of this diagnosis was up',
};

export interface AskedInVain extends Asked {
  /** What was said, over the first of `ends`, and acknowledged; null: nothing, over any of them. */
  readonly said: { readonly bytes: Uint8Array; readonly exchange: Exchange } | null;
  /** When the first of it was sent, in milliseconds as the log counts. */
  readonly since: number;
  /** Milliseconds that an answer is waited for. */
  readonly wait: number;
  /** Closes every connection of the run. */
  readonly hangUp: () => void;
}

/** What was found: a fault, or a note. */
export type BringsNothing = { readonly left: Untaken } | { readonly note: Gap } | null;

/** What was asked, of whom else that was asked then, and what stands at the far side. */
interface Waiting {
  readonly first: Paired;
  readonly more: Paired;
  readonly asked: number;
  readonly far: FarSide | null;
}

/** Null where nobody is waited for, where he spoke meanwhile, and where nobody can tell. */
export async function bringsNothing(of: AskedInVain): Promise<BringsNothing> {
  const before = look(of);
  // Without a word nothing is due: only that nobody takes it is a fault.
  const theirs = of.said ? [] : perhapsTheirs(of, before);
  const isLeft = of.said !== null || theirs.some((some) => isLeftQueued(of, some));
  const hidden = isLeft ? [] : theirs.filter((some) => isUnseenThere(of, some));
  if (!isLeft && hidden.length === 0) return null;
  const firsts = passedOn(of, before, of.ends, new Set());
  if (firsts.length === 0 || of.signal.aborted) return null;
  if (!isLeft) {
    const first = firsts.find(({ to }) => hidden.some(([one]) => isTo(to)(endOf(one!))));
    return first ? { note: unseenThere(first) } : null;
  }
  const known = new Set(candidates(of, before).map(endsOfSocket));
  const further = await of.openMore(MORE, of.said?.bytes);
  const began = of.log.now();
  const found = further.length < MORE ? null : await alsoPassedOn(of, further, firsts, known);
  if (!found) return null;
  const far = farSideOf(of.machine, of.netns, ownOf(found));
  const waiting = { ...found, asked: of.ends.length + MORE, far };
  const standing = await outlasting(of, waiting, began + Math.max(LEAST, of.wait));
  if (!standing || standing === 'time-up') return standing && { note: TIME_UP };
  if (!found.more.holder) return { note: unseen(found.more) };
  if (standing.every(isAsking)) return { left: untaken(of, waiting, 'carry') };
  return standing.some(isAsking) ? null : judged(of, { ...waiting, far: far?.again() ?? null });
}

/** Who has read what was said may be slow, and no more: he is given all the time that there is. */
const isStillSilent = async (of: AskedInVain, waiting: Waiting): Promise<boolean> =>
  (await outlasting(of, waiting, of.until - HANGING_UP - 2 * STEP)) !== null;

/** Own ones that may be for the probe's: as many as those to one end. */
function perhapsTheirs(of: AskedInVain, sockets: readonly SocketState[]): SocketState[][] {
  const opened = candidates(of, sockets);
  return endsAmong(opened)
    .map((end) => opened.filter((one) => isTo(end)(endOf(one))))
    .filter((some) => some.length >= of.ends.length);
}

/** Has nobody accepted them at the far side? */
const isLeftQueued = ({ machine, netns }: AskedInVain, some: readonly SocketState[]): boolean =>
  isQueuedThere(farSideOf(machine, netns, some));

const isUnseenThere = ({ machine, netns }: AskedInVain, [one]: readonly SocketState[]): boolean =>
  one !== undefined && isHidden(machine, netns, one.destination);

/** Its own ones at the end of that time; null where one came to something, and where those queues are being emptied. */
async function outlasting(
  of: AskedInVain,
  waiting: Waiting,
  until: number,
): Promise<SocketState[] | 'time-up' | null> {
  let { far } = waiting;
  while (of.log.now() < of.until && !of.signal.aborted) {
    await pause(of.machine, STEP);
    const standing = stillSilent(of, waiting);
    const later = far?.again() ?? null;
    const isBusy = far && later && shortened(far.listeners, later.listeners).length > 0;
    if (!standing || isBusy) return null;
    far = later;
    // A SYN is sent again after a second without an answer: RFC 6298. The first ones come to that sooner.
    const isInVain = standing.slice(0, waiting.first.own.length).every(({ retransmits }) => retransmits > 0);
    if (standing.every(isAsking) ? isInVain : of.log.now() >= until) return standing;
  }
  return 'time-up';
}

const ownOf = ({ first, more }: Pick<Waiting, 'first' | 'more'>): SocketState[] => [
  ...first.own,
  ...more.own,
];

/** Own connections of any program there that may be waited on. */
function candidates({ said, log, since }: AskedInVain, sockets: readonly SocketState[]): SocketState[] {
  const within = log.now() - since;
  return openedThere(sockets).filter((one) =>
    said ? isAsking(one) || isUnanswered(one, within) : isNewAndSilent(one, within),
  );
}

/** Accepted and read, and not answered: the kernel counts what its client has acknowledged. */
const isAwaiting = (one: SocketState): boolean =>
  !isQueued(one) && one.receiveQueue === 0 && one.sendQueue === 0 && (one.info?.acknowledged ?? 0) === 0;

/** To whom all that were not answered are passed on; empty where some are not. */
function passedOn(
  of: AskedInVain,
  sockets: readonly SocketState[],
  ends: readonly Ends[],
  known: ReadonlySet<string>,
): Paired[] {
  const accepted = connectionsOf(sockets, ends).filter(isAwaiting);
  const opened = candidates(of, sockets).filter((one) => !known.has(endsOfSocket(one)));
  const isWhole = of.said !== null || accepted.length === ends.length;
  if (accepted.length === 0 || !isWhole || opened.length === 0) return [];
  const found = pairedIn(of.machine, of.netns, accepted, opened);
  const paired = new Set(found.flatMap((one) => one.accepted.map(({ inode }) => inode)));
  return accepted.every(({ inode }) => paired.has(inode)) ? found : [];
}

/** A program needs a moment to accept, to fork, and to speak. */
async function alsoPassedOn(
  of: AskedInVain,
  further: readonly Ends[],
  firsts: readonly Paired[],
  known: ReadonlySet<string>,
): Promise<Pick<Waiting, 'first' | 'more'> | null> {
  for (let looked = 0; looked < LOOKS && !of.signal.aborted; looked++) {
    await pause(of.machine, STEP);
    // A new one that is left over has another reason.
    const found = passedOn(of, look(of), further, known).flatMap((more) => {
      const first = firsts.find(({ to }) => isTo(more.to)(to));
      return first && more.over === 0 && more.own.length >= SAME ? [{ first, more }] : [];
    });
    const [only, other] = found;
    if (only && !other) return only;
  }
  return null;
}

const isQueuedThere = (far: FarSide | null): boolean => far?.sides.every(isQueued) ?? false;

/** Its own ones as they stand now; null where something has come over one. */
function stillSilent(of: AskedInVain, waiting: Waiting): SocketState[] | null {
  const now = new Map(candidates(of, look(of)).map((one) => [endsOfSocket(one), one]));
  const standing = ownOf(waiting).flatMap((one) => now.get(endsOfSocket(one)) ?? []);
  return standing.length === ownOf(waiting).length ? standing : null;
}

async function judged(of: AskedInVain, waiting: Waiting): Promise<BringsNothing> {
  const left = (how: Mute['how']): BringsNothing => ({ left: untaken(of, waiting, 'mute', how) });
  if (isQueuedThere(waiting.far)) return left('queued');
  if (!of.said) return null;
  if (waiting.far?.sides.every((one) => isQueued(one) || one.receiveQueue > 0)) return left('unread');
  if (!(await isStillSilent(of, waiting))) return null;
  // What it says itself, and what somebody named, has an answer; a stranger's words need not have one.
  const { bytes, exchange } = of.said;
  const { own, accepted } = waiting.more;
  const isItsOwn = own.some((one) => !saysAsMuch(one, accepted, bytes.length));
  if (exchange.isNamed || isItsOwn) return left('silent');
  of.hangUp();
  await pause(of.machine, HANGING_UP);
  const after = new Map(look(of).map((one) => [endsOfSocket(one), one.state]));
  // The far kernel has acknowledged the end, and the program there has not ended its own side: RFC 9293, 3.6.
  const isDeaf = ownOf(waiting).every((one) => after.get(endsOfSocket(one)) === 'FIN-WAIT-2');
  return isDeaf ? left('deaf') : { note: mayBeMeant(waiting.more, of.log.now() - of.since) };
}

function untaken(
  { machine, netns, log, since, said, takers }: AskedInVain,
  { first, more, asked, far }: Waiting,
  kind: Untaken['kind'],
  how?: Mute['how'],
): Untaken {
  const [listens = null] = far ? described(machine, far.netns, far.listeners, far.listeners) : [];
  return {
    kind,
    connections: first.own.length + more.own.length,
    of: asked,
    waited: Math.round(log.now() - since),
    takers: described(machine, netns, takers, []),
    ...(more.holder ? { by: more.holder } : {}),
    to: more.to,
    ...(how ? { waitsFor: { how, listens, said: said?.exchange.speech ?? null } } : {}),
  };
}

const unseen = ({ to }: Paired): Gap => ({
  ...TIME_UP,
  because: `for each that it accepted one to ${destination(to)} stands over which nothing came, and nobody could see whose it is`,
});

const mayBeMeant = (more: Paired, waited: number): Gap => ({
  of: 'behind',
  what: 'who says nothing',
  because: `${processName(more.holder)} carried what was said on to ${destination(more.to)} as it was; it was acknowledged there, and for ${seconds(waited)} nothing came back. It may be no answer that is missing: a program need not answer what it does not understand`,
});

const unseenThere = (first: Paired): Gap => ({
  of: 'taking',
  what: 'whether whom the program waits for takes its connections',
  because: `${processName(first.holder)} has opened one to ${destination(first.to)} for each that it accepted, and a network namespace of this host could not be looked into`,
});
