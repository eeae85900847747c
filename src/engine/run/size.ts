/** Small probes passed: one full-size, don't-fragment probe follows, so that an MTU black hole is found unasked. */
import type { Machine } from '../../host/machine.ts';
import type { Flow } from '../../model/flow.ts';
import type { Netns } from '../../model/netns.ts';
import type { Path } from '../../model/path.ts';
import type { BigProbe } from '../../model/scene.ts';
import { probeKindOf } from '../../probe/kinds.ts';
import { farEnd, SILENCE } from './decide.ts';
import type { RunLog } from './log.ts';
import { openSender, type Sender } from './sending.ts';

/** Times the small probe's own round trip that a big one is given, and the least. Milliseconds. */
const PATIENCE = 5;
const LEAST = 120;
/** How long a busy machine may take until its captures tell of a packet that has been sent. Milliseconds. */
const UNHEARD = 1000;
/** IP length of the companion. Bytes. */
const SMALL = 200;

/** How many probes it has. */
export const SIZES = 3;

export interface SizeProbe {
  readonly sender: Sender;
  readonly size: number;
}

export interface SizeResult extends BigProbe {
  /** The stand-in of small size was answered. */
  readonly heard: boolean;
  /** It was, and so much was seen of the big one that something can be said. */
  readonly tested: boolean;
  readonly probe: number;
}

/**
 * A companion of small size and two full-size ones, by ICMP whatever the flow: segments of the negotiated size are not
 * sent to strangers' services. Bound and known to the witnesses before anything is sent. Null where no size is known.
 */
export function prepareSize(
  machine: Machine,
  flow: Flow,
  path: Path,
  netns: Netns | null,
  first: number,
  log: RunLog,
): SizeProbe | null {
  const link = path.hops[0]?.link;
  // Loopback's 65536 is no size that any path must carry.
  if (!link || link.kind === 'loopback' || link.mtu < 576 || link.mtu > 9216) return null;
  const sender = openSender(machine, {
    flow: { ...flow, proto: 'icmp', port: null },
    kind: probeKindOf('icmp'),
    count: SIZES,
    first,
    netns,
    realDestination: path.realDestination,
    lengths: [SMALL, link.mtu, link.mtu],
    onOutcome: (outcome) => log.hear(outcome),
  });
  return sender.known ? { sender: sender.value, size: link.mtu } : null;
}

/** What the check needs of the run around it. */
export interface Sizing {
  /** Bytes that a handshake has agreed on; null where there was none. */
  readonly segment: number | null;
  readonly path: Path;
  readonly log: RunLog;
  readonly onSent: (probe: number, at: bigint) => void;
  /** Milliseconds of the run. */
  readonly deadline: number;
  /** Milliseconds that a queue of this host may hold a packet back, which says nothing of its size. */
  readonly held: number;
  readonly signal: AbortSignal;
}

/** Sends the companion and the big one; where the big one is not heard of, the second big one. */
export async function checkSize(
  { sender, size: largest }: SizeProbe,
  { segment, path, log, onSent, deadline, held, signal }: Sizing,
): Promise<SizeResult> {
  // A handshake that agreed on less (a clamped MSS) is what this flow's packets keep to.
  const size = Math.min(largest, segment ?? largest);
  sender.resize([SMALL, size, size]);
  const [small, big, again] = [0, 1, 2].map((index) => sender.run.first + index) as [number, number, number];
  const told = (probe: number): boolean => log.outcomes.has(probe);
  const seenLeaving = (probe: number): boolean =>
    log.sightings.some(
      (one) => one.probe === probe && one.kind === 'request' && one.hop === path.hops.at(-1)?.id,
    );
  const seenAnywhere = (probe: number): boolean =>
    log.sightings.some((one) => one.probe === probe && one.kind === 'request');
  /** A capture runs where it begins, and has not told of it: it has still to be heard of, and tells nothing yet. */
  const isUnheard = (probe: number): boolean =>
    log.captured.has(path.hops[0]?.id ?? '') && !seenAnywhere(probe);
  /** Last seen on one end of a veth pair whose other end takes such packets: a wire loses none, a busy capture is late. */
  const isOnWire = (probe: number): boolean => {
    const mine = log.sightings.filter((one) => one.probe === probe);
    return (farEnd({ path, captured: log.captured }, mine, 'request')?.link.mtu ?? 0) >= size;
  };
  /** Its answer was seen on its way back. */
  const isComing = (probe: number): boolean =>
    log.sightings.some((one) => one.probe === probe && one.kind === 'reply');
  const until = async (probe: number): Promise<void> => {
    const sentAt = log.now();
    await log.wait(
      () => {
        const late = isUnheard(probe) || isOnWire(probe) || isComing(probe) ? UNHEARD : 0;
        const trip = log.outcomes.get(small)?.microseconds ?? null;
        const patience = trip === null ? LEAST : Math.max(LEAST, (PATIENCE * trip) / 1000);
        // On this host silence decides; beyond it, some round trips of the small one.
        const usual = seenLeaving(probe) ? patience : Math.min(patience, SILENCE);
        const limit = sentAt + Math.max(usual, held, late);
        return { done: told(probe) || log.now() >= limit, until: limit, what: 'a full-size probe' };
      },
      deadline,
      signal,
    );
    sender.look();
  };
  sender.sendOne(small, onSent);
  sender.sendOne(big, onSent);
  await until(big);
  let last = big;
  if (!told(big) && log.outcomes.get(small)?.result === 'answered' && seenLeaving(big)) {
    last = again;
    sender.sendOne(again, onSent);
    await until(again);
  }
  const outcome = log.outcomes.get(last);
  const error = log.sightings.find(
    (one) => (one.probe === big || one.probe === again) && one.kind === 'error',
  );
  const mtu = /MTU (\d+)/.exec(error?.says ?? '')?.[1];
  const answered = outcome?.result === 'answered';
  const tooBig = error ? { from: error.source, mtu: mtu ? Number(mtu) : null } : null;
  const heard = log.outcomes.get(small)?.result === 'answered';
  // The answer itself says that it passed, whatever the captures have still to tell.
  const isSeen = told(last)
    ? answered || !isUnheard(last)
    : held === 0 && !isUnheard(last) && !isOnWire(last);
  const tested = heard && isSeen;
  const local = outcome?.result === 'not-sent';
  return {
    size,
    answered,
    tooBig,
    heard,
    tested,
    probe: last,
    vanished: tested && !answered && !tooBig && !local,
  };
}
