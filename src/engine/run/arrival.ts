/**
 * Waits for somebody else's packet. Everything that is armed costs a host that forwards much a quarter of what it could
 * forward: there one socket alone waits, which hears what comes in by the entrance; when a packet has come everything is
 * armed, and what is sent again is followed.
 */
import { type Clock, every, within } from '../../host/clock.ts';
import type { Machine } from '../../host/machine.ts';
import type { Flow } from '../../model/flow.ts';
import type { Hop, Path } from '../../model/path.ts';
import type { Question } from '../../model/question.ts';
import { filterFor, type Watched } from '../../witness/capture.ts';
import { OUTSIDE } from '../deadline.ts';
import type { Gap } from '../gaps.ts';
import type { Elsewhere, Visitor } from './elsewhere.ts';
import type { RunLog } from './log.ts';
import { type Arrival, awaitOutside } from './observing.ts';
import type { Standing } from './standing.ts';
import { loadOf } from './traffic.ts';

/** How often it is looked how much passes. Milliseconds. */
const LOOK = 500;
/** A SYN is sent again after one second, then after two, and after four: tcp(7), RFC 6298. Milliseconds. */
const AGAIN = 3500;

const LIGHTLY =
  'a packet from outside; so much passes here that the other witnesses are armed when it has come, and follow what is sent again';

/** Who came elsewhere comes again there; `since`: what has been waited by then. Milliseconds. */
export const patienceOutside = (
  { waitOutside = OUTSIDE }: Question,
  { entrance }: Flow,
  since: number,
): number => (entrance === undefined ? waitOutside * 1000 : Math.max(AGAIN, waitOutside * 1000 - since));

/** Who was served by the way that he came of himself, before anything stood there. */
export const unwatched = ({ hops: [entrance] }: Path): Gap => ({
  of: 'visitor',
  what: 'which hops he crossed',
  because: `he came in by ${entrance?.name ?? 'another way'}, which was not foretold, and was answered before the hops behind it were watched for him: that none was seen there says nothing`,
});

export interface Waits extends Watched {
  readonly machine: Machine;
  readonly path: Path;
  readonly log: RunLog;
  readonly standing: Standing;
  /** Hears whoever comes by another way, and what he says then. */
  readonly elsewhere?: Elsewhere | undefined;
  /** Who came so before: he is waited for here. */
  readonly visitor?: Visitor | undefined;
  /** Milliseconds. */
  readonly patience: number;
  readonly signal: AbortSignal;
}

/** @throws CameElsewhere where somebody came by another way. */
export async function awaitArrival(waits: Waits): Promise<Arrival> {
  const { log, elsewhere, visitor } = waits;
  if (elsewhere) elsewhere.tell = log.changed;
  const come = await untilCome(waits);
  if (come === 'elsewhere') throw elsewhere!.came!;
  if (come !== 'served' || !visitor) return come;
  log.origin = visitor.at;
  log.see(visitor.request);
  log.hear(visitor.answered()!);
  return come;
}

async function untilCome(waits: Waits): Promise<Arrival> {
  const { machine, path, log, run, signal } = waits;
  const started = machine.now();
  const left = (): number => waits.patience - Number(machine.now() - started) / 1e6;
  const entrance = path.hops[0];
  const now = () => machine.now();
  const isBusy = loadOf(machine);
  const heard = {
    elsewhere: () => waits.visitor === undefined && waits.elsewhere?.came !== undefined,
    served: () => waits.visitor?.answered() != null,
  };
  let come: Arrival | 'busy' = 'busy';
  for (let quiet = 0; come === 'busy' && left() > 0 && !signal.aborted; quiet = AGAIN) {
    const from = machine.now();
    const load = watchLoad(
      machine,
      () => {
        const passes = isBusy();
        // A packet has come just now, and may come again.
        return passes && Number(machine.now() - from) / 1e6 >= quiet;
      },
      log.changed,
    );
    come = await awaitOutside(
      run,
      log,
      { entrance: entrance?.id, patience: left(), busy: load.busy, ...heard },
      now,
      signal,
    );
    load.stop();
    if (come === 'busy' && entrance) await bePatientWith(entrance, waits, left());
    if (heard.elsewhere()) return 'elsewhere';
  }
  return come === 'busy' ? 'nobody' : come;
}

/** Asks again and again, until it is so; and then tells. */
function watchLoad(clock: Clock, isBusy: () => boolean, tell: () => void) {
  let busy = false;
  const stop = every(clock, LOOK, () => {
    busy ||= isBusy();
    if (busy) tell();
  });
  return { busy: () => busy, stop };
}

/** Takes back what is armed until a packet has come; where nothing else can listen, it stays. */
async function bePatientWith(entrance: Hop, waits: Waits, milliseconds: number): Promise<void> {
  const { machine, path, log, kind, run, standing, elsewhere, signal } = waits;
  let hear = (): void => {};
  const heard = new Promise<void>((resolve) => {
    hear = resolve;
  });
  const plan = {
    filter: filterFor(path, [{ kind, run }]),
    devices: [entrance.link.ifindex],
    light: true,
  } as const;
  const socket = machine.packets(entrance.netns, plan, hear);
  if (!socket.known) return;
  if (elsewhere) elsewhere.tell = hear;
  await standing.down();
  // Its start takes longer than all else.
  machine.warmCapture();
  log.tell({ type: 'waiting', what: LIGHTLY, milliseconds: Math.round(milliseconds) });
  await within(machine, Math.max(0, milliseconds), Promise.race([heard, ended(signal)]));
  void socket.value.stop();
  if (elsewhere) elsewhere.tell = log.changed;
  if (signal.aborted) return;
  log.captured.clear();
  log.blind.clear();
  await standing.anew();
}

const ended = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
