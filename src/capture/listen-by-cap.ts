/**
 * The other engine, libpcap through cap: it tells neither directions nor the kernel's stamps, and of frames that are the same
 * again and again not all. By it the first engine can be checked.
 */
import type { CaptureEvent, Machine } from '../host/machine.ts';
import { wallOffset } from '../host/sys/wall-clock.ts';
import { cannotLook } from '../model/failure.ts';
import type { SpotFilter } from './filter.ts';
import { seenOf } from './link.ts';
import { type Listening, refusal, type Taking } from './listen.ts';
import type { Seen, Spot } from './spot.ts';

const LOST = /^(\d+) frames/;

/** @throws Failure for a filter that is none, or where it may not listen; nothing stays open then */
export async function listenByCap(
  machine: Machine,
  spots: readonly Spot[],
  filters: readonly SpotFilter[],
  { ethernet, snaplen }: Taking,
  onSeen: (seen: Seen) => void,
): Promise<Listening> {
  if (!ethernet)
    throw cannotLook(
      'no-capture',
      'libpcap shows interfaces without Ethernet in another form than those with it, and a file has one form.',
      'Leave out --engine cap, or name hops of one kind: --hop eth0',
    );
  const offset = wallOffset();
  const counts = spots.map(() => ({ seen: 0, lost: 0 }));
  const at = new Map(spots.map(({ id }, spot) => [id, spot]));
  let failed: { readonly spot: number; readonly because: string } | undefined;
  const hear = (event: CaptureEvent): void => {
    const spot =
      'hop' in event ? at.get(event.hop) : event.type === 'frame' ? at.get(event.frame.hop) : undefined;
    if (spot === undefined) return;
    if (event.type === 'failed') failed = { spot, because: event.because };
    if (event.type === 'lost') counts[spot]!.lost += Number(LOST.exec(event.because)?.[1] ?? 1);
    if (event.type !== 'frame') return;
    const seen = seenOf(event.frame, spot, offset);
    if (!seen) return;
    counts[spot]!.seen++;
    onSeen({ ...seen, bytes: seen.bytes.subarray(0, snaplen) });
  };
  const points = spots.flatMap(({ id, name, netns }, spot) =>
    filters[spot]!.applies ? [{ hop: id, device: name, netns, filter: filters[spot]!.filter }] : [],
  );
  const capture = machine.capture(points, hear);
  await capture.ready;
  if (failed) {
    await capture.stop();
    throw refusal(spots[failed.spot]!.label, filters[failed.spot]!.filter, failed.because);
  }
  return {
    now: () => machine.now() + wallOffset(),
    lag: 0n,
    drain: (milliseconds) => capture.settled(milliseconds),
    close: () => {},
    counts: () => counts,
    stop: () => capture.stop(),
  };
}
