/** A capture of every hop of one target, from its first line to its last. */
import { setTimeout } from 'node:timers/promises';
import type { Machine } from '../host/machine.ts';
import type { Target } from '../model/target.ts';
import { LINK } from '../pcapng/content.ts';
import { stillThere } from '../targets/target.ts';
import { plain } from '../words/text.ts';
import { armDrops, UNARMED } from './drop-witness.ts';
import { HandingOn } from './hand-on.ts';
import { type Listening, readRest } from './listen.ts';
import { listenOn } from './listen-on.ts';
import { type Prepared, prepare } from './prepare.ts';
import type { CaptureEvent, CaptureQuestion, Ended } from './question.ts';
import { Saving } from './save/saving.ts';
import type { Seen } from './spot.ts';
import { Stream } from './stream.ts';

/** How often what came is looked at, and how often whether anything came. Milliseconds. */
const TICK = 25;
const IDLE = 100;
/** How far one interface may be behind another where more comes than can be read. Nanoseconds. */
const BEHIND = 250_000_000n;
/** How often it is looked whether the target is there. Nanoseconds. */
const LOOK = 1_000_000_000n;
/** What the kernel hands over where headers are enough: those of Ethernet, IPv6, TCP, and by what a packet is known again. */
const HEADERS = 192;

/** @throws Failure for what is wrong before it begins; what ends it later is told in `because` */
export async function capture(
  machine: Machine,
  asked: CaptureQuestion,
  tell: (event: CaptureEvent) => Promise<void>,
  signal: AbortSignal,
): Promise<Ended> {
  const prepared = await prepare(machine, asked);
  const { target, spots, filters, own, link, claims, head } = prepared;
  const stream = new Stream(spots, claims, asked.packets ?? Infinity);
  const saving = asked.into ? await Saving.begin(head, asked.into, signal) : null;
  const drops = asked.trace ? await armDrops(machine, spots) : UNARMED;
  const listening = await begin(machine, asked, prepared, (seen) => stream.add(seen)).catch(async (error) => {
    saving?.discard();
    await drops.stop();
    throw error;
  });
  const { payload } = asked;
  const onward = new HandingOn({
    ...{ spots, stream, listening, drops, saving, payload, signal },
    tell: (ending) => tell({ type: 'packet', ...ending }),
  });
  await tell({ type: 'listening', spots, filters, own, link });

  const because = await untilEnded({ machine, target, asked, stream, listening, onward, signal });
  await readRest(listening);
  const counts = listening.counts();
  await listening.stop();
  const refused = because?.code === 'unwritten' ? null : await onward.until();
  const { blind } = drops;
  await drops.stop();
  const kept = (await saving?.end(signal, onward.statistics())) ?? null;
  return {
    spots,
    counts,
    taken: onward.taken,
    packets: stream.packets,
    overrun: stream.overrun,
    saved: saving ? { packets: saving.saved, files: saving.files } : null,
    blind,
    because: because ?? unwritten(refused ?? kept),
  };
}

/** @throws Failure where it may not listen, or a filter is none */
async function begin(
  machine: Machine,
  { direction, payload, snaplen }: CaptureQuestion,
  { spots, filters, link }: Prepared,
  add: (seen: Seen) => void,
): Promise<Listening> {
  const onSeen = (seen: Seen): void => {
    if (direction === null || seen.direction === direction) add(seen);
  };
  const taking = {
    ethernet: link === LINK.ethernet,
    snaplen: payload ? snaplen : Math.min(snaplen, HEADERS),
  };
  return listenOn(machine, spots, filters, taking, onSeen);
}

interface Under {
  readonly machine: Machine;
  readonly target: Target;
  readonly asked: CaptureQuestion;
  readonly stream: Stream;
  readonly listening: Listening;
  readonly onward: HandingOn;
  readonly signal: AbortSignal;
}

/** Null: it ended as it was meant to. */
async function untilEnded(under: Under): Promise<Ended['because']> {
  const { machine, target, asked, stream, listening, onward, signal } = under;
  const started = machine.now();
  const over = (): boolean =>
    signal.aborted ||
    (asked.packets !== null && stream.packets >= asked.packets) ||
    (asked.seconds !== null && Number(machine.now() - started) / 1e9 >= asked.seconds);
  let looked = started;
  while (!over()) {
    await pause(stream.waiting > 0 ? TICK : IDLE, signal);
    const now = listening.now() - listening.lag;
    // What was seen by then has been read, from all of them.
    const all = await listening.drain(TICK);
    const refused = await onward.until(all ? now : now - BEHIND);
    if (refused !== null) return unwritten(refused);
    if (machine.now() - looked < LOOK) continue;
    looked = machine.now();
    if (!stillThere(machine, target))
      return { code: 'container-gone', message: `${plain(target.name)} went away.` };
  }
  return null;
}

/** `code`: an errno name, or a sentence. */
const unwritten = (code: string | null): Ended['because'] => {
  if (code === null) return null;
  const told = /^E[A-Z]+$/.test(code) ? `The capture could not be written: ${code}.` : code;
  return { code: 'unwritten', message: code === 'ENOSPC' ? 'No space is left where it is saved.' : told };
};

/** Until then, or until `signal` ends it. */
const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  setTimeout(milliseconds, undefined, { signal }).catch(() => {});
