/** Listens to a target's own traffic at every hop, sends nothing, and tells what goes wrong. */
import { setTimeout } from 'node:timers/promises';
import { armDrops, UNARMED } from '../../capture/drop-witness.ts';
import { lastSeen } from '../../capture/drops.ts';
import { readRest } from '../../capture/listen.ts';
import { listenOn } from '../../capture/listen-on.ts';
import { prepare } from '../../capture/prepare.ts';
import type { Seen } from '../../capture/spot.ts';
import { QUIET, Stream } from '../../capture/stream.ts';
import type { Machine } from '../../host/machine.ts';
import { wallOffset } from '../../host/sys/wall-clock.ts';
import { LINK } from '../../pcapng/content.ts';
import { stillThere } from '../../targets/target.ts';
import { plain } from '../../words/text.ts';
import { Keeping } from '../save/keeping.ts';
import { Observer, type Shown } from './observer.ts';
import { Owners } from './owners.ts';
import type { PassiveEnded, PassiveEvent, PassiveQuestion } from './question.ts';
import { saysText } from './text.ts';

/** What troubles are read from. */
const FILTER = 'tcp or udp or icmp or icmp6';
/** Bytes of a frame: the headers, and the name that is asked for. */
const SNAPLEN = 320;
/** How often what came is looked at. Milliseconds. */
const TICK = 50;
/** How far one interface may be behind another where more comes than can be read. Nanoseconds. */
const BEHIND = 250_000_000n;
/** How long the end of a file may take. Milliseconds. */
const LAST = 2000;

/** @throws Failure for what is wrong before it begins; what ends it later is told in `because` */
export async function watchPassively(
  machine: Machine,
  asked: PassiveQuestion,
  tell: (event: PassiveEvent) => void,
  signal: AbortSignal,
): Promise<PassiveEnded> {
  const prepared = await prepare(machine, {
    ...{ target: asked.target, filter: FILTER, hops: [], snaplen: SNAPLEN, payload: true },
    ...{ trace: asked.trace, direction: null, packets: null, seconds: null, into: asked.into },
  });
  const { target, spots, filters, link, claims } = prepared;
  const stream = new Stream(spots, claims);
  const patience = BigInt(Math.round(asked.wait * 1e9));
  const observer = new Observer(spots, patience);
  const owners = new Owners(machine, target.netns);
  const { into } = asked;
  const keeping = into && (await Keeping.begin(machine, prepared, { into, patience }, signal));
  const drops = asked.trace ? await armDrops(machine, spots) : UNARMED;
  const taking = { ethernet: link === LINK.ethernet, snaplen: SNAPLEN };
  let fresh = false;
  const take = (seen: Seen): void => {
    // Somebody speaks: his socket may be gone a moment later.
    fresh ||= spots[seen.spot]!.where === 'container' && seen.direction === 'out';
    stream.add(seen);
  };
  const listening = await listenOn(machine, spots, filters, taking, take).catch(async (error: unknown) => {
    keeping?.discard();
    await drops.stop();
    throw error;
  });
  tell({ type: 'listening', spots });

  const show = (troubles: readonly Shown[]): void => {
    for (const shown of troubles) {
      const trouble = { ...shown, program: owners.of(shown.ends) };
      const { at } = trouble;
      keeping?.incident({ at, says: saysText(trouble, spots), frame: keeping.frames.stamped(at) });
      tell({ type: 'trouble', trouble });
    }
  };
  const look = (now: bigint | undefined, patient: AbortSignal): void => {
    if (fresh) owners.look();
    fresh = false;
    const offset = wallOffset();
    const { frames, told: all } = stream.until(now);
    if (keeping && !keeping.full) keeping.take(frames, listening, patient);
    for (const told of all)
      show(observer.take(told, drops.after(lastSeen(told.journey, told.first, spots, offset)) ?? null));
    // An answer that came by then has been told too.
    if (now !== undefined) show(observer.until(now - QUIET));
  };

  const started = machine.now();
  const isOver = (): boolean =>
    signal.aborted || (asked.duration !== null && Number(machine.now() - started) / 1e9 >= asked.duration);
  let because: PassiveEnded['because'] = null;
  try {
    while (!isOver() && because === null) {
      await setTimeout(TICK, undefined, { signal }).catch(() => {});
      const now = listening.now() - listening.lag;
      look((await listening.drain(TICK)) ? now : now - BEHIND, signal);
      if (!stillThere(machine, target))
        because = { code: 'container-gone', message: `${plain(target.name)} went away.` };
    }
    await readRest(listening);
    look(undefined, AbortSignal.timeout(LAST));
    await keeping?.end([], listening);
    const counts = listening.counts();
    const { packets } = observer;
    const saved = keeping?.saved ?? null;
    return { spots, counts, packets, overrun: stream.overrun, blind: drops.blind, saved, because };
  } finally {
    await listening.stop();
    keeping?.discard();
    await drops.stop();
  }
}
