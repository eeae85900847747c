/** Small probes passed: one full-size, don't-fragment probe follows, so that an MTU black hole is found unasked. */
import type { Machine } from '../../host/machine.ts';
import type { Flow } from '../../model/flow.ts';
import type { Netns } from '../../model/netns.ts';
import type { Path } from '../../model/path.ts';
import type { BigProbe } from '../../model/scene.ts';
import type { Sighting } from '../../model/sighting.ts';
import type { User } from '../../model/socket.ts';
import { probeKindOf } from '../../probe/kinds.ts';
import { farEnd, SILENCE } from './decide.ts';
import type { RunLog } from './log.ts';
import { openSender, type Sender } from './sending.ts';

/** Times the small probe's own round trip that a big one is given, and the least. Milliseconds. */
const PATIENCE = 5;
const LEAST = 120;
/** How long a busy machine may take until its captures tell of a packet that has been sent. Milliseconds. */
const UNHEARD = 1000;
/** IP lengths of the companion, and of the one that follows what was not answered. Bytes. */
const SMALL = 200;
const AFTER = 204;

/** How many probes it has. */
export const SIZES = 4;

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

export interface SizePlan {
  readonly flow: Flow;
  readonly path: Path;
  readonly netns: Netns | null;
  /** As whom they ask, where that is not root. */
  readonly user?: User | undefined;
}

/**
 * A companion of small size, two full-size ones and a small one behind them, by ICMP whatever the flow: segments of the negotiated size are not
 * sent to strangers' services. Bound and known to the witnesses before anything is sent. Null where no size is known.
 */
export function prepareSize(
  machine: Machine,
  { flow, path, netns, user }: SizePlan,
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
    user,
    realDestination: path.realDestination,
    lengths: [SMALL, link.mtu, link.mtu, AFTER],
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
  /** Has a rule of this host, or its kernel, ended this probe? */
  readonly gone: (probe: number) => boolean;
  readonly signal: AbortSignal;
}

/**
 * Sends the companion and the big one; where the big one is not heard of, the second big one, and behind them a small one: what
 * that one overtakes is neither held back by a queue nor still to be told of by a capture, which both keep the order.
 */
export async function checkSize(
  { sender, size: largest }: SizeProbe,
  { segment, path, log, onSent, deadline, held, gone, signal }: Sizing,
): Promise<SizeResult> {
  // A handshake that agreed on less (a clamped MSS) is what this flow's packets keep to.
  const size = Math.min(largest, segment ?? largest);
  sender.resize([SMALL, size, size, AFTER]);
  const { first } = sender.run;
  const [small, big, again, after] = [first, first + 1, first + 2, first + 3];
  const isAnswered = (probe: number): boolean => log.outcomes.get(probe)?.result === 'answered';
  const told = (probe: number): boolean => log.outcomes.has(probe);
  /** Was it seen there; without a hop, anywhere? */
  const seen = (probe: number, kind: Sighting['kind'], hop?: string): boolean =>
    log.sightings.some(
      (one) => one.probe === probe && one.kind === kind && (hop === undefined || one.hop === hop),
    );
  const exit = path.hops.at(-1)?.id ?? '';
  /** The capture of that hop has told of the one that was sent last, and so of all before it. */
  const isUpToDate = (hop: string): boolean => seen(after, 'request', hop);
  const begin = path.hops[0]?.id ?? '';
  /** A capture runs where it begins, and has not told of it: it has still to be heard of, and tells nothing yet. */
  const isUnheard = (probe: number): boolean =>
    log.captured.has(begin) && !seen(probe, 'request') && !isUpToDate(begin);
  /** Last seen on one end of a veth pair whose other end takes such packets: a wire loses none, a busy capture is late. */
  const isOnWire = (probe: number): boolean => {
    const mine = log.sightings.filter((one) => one.probe === probe);
    const far = farEnd({ path, captured: log.captured }, mine, 'request');
    return far !== undefined && far.link.mtu >= size && !isUpToDate(far.id);
  };
  const until = async (probe: number): Promise<void> => {
    const sentAt = log.now();
    await log.wait(
      () => {
        const isComing = seen(probe, 'reply');
        const late = isUnheard(probe) || isOnWire(probe) || isComing ? UNHEARD : 0;
        const trip = log.outcomes.get(small)?.microseconds ?? null;
        const patience = trip === null ? LEAST : Math.max(LEAST, (PATIENCE * trip) / 1000);
        // On this host silence decides; beyond it, some round trips of the small one.
        const usual = seen(probe, 'request', exit) ? patience : Math.min(patience, SILENCE);
        const limit = sentAt + Math.max(usual, held, late);
        return {
          done: told(probe) || gone(probe) || log.now() >= limit,
          until: limit,
          what: 'a full-size probe',
        };
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
  if (!told(big) && isAnswered(small) && (seen(big, 'request', exit) || held > 0)) {
    last = again;
    sender.sendOne(again, onSent);
    await until(again);
  }
  if (!told(last) && isAnswered(small)) {
    sender.sendOne(after, onSent);
    const limit = log.now() + UNHEARD;
    await log.wait(
      () => ({
        done: (isAnswered(after) && !isUnheard(last) && !isOnWire(last)) || log.now() >= limit,
        until: limit,
        what: 'a small probe behind it',
      }),
      deadline,
      signal,
    );
    sender.look();
  }
  const outcome = log.outcomes.get(last);
  const error = log.sightings.find(
    (one) => (one.probe === big || one.probe === again) && one.kind === 'error',
  );
  const mtu = /MTU (\d+)/.exec(error?.says ?? '')?.[1];
  const answered = isAnswered(last);
  const tooBig = error ? { from: error.source, mtu: mtu ? Number(mtu) : null } : null;
  const heard = isAnswered(small);
  const isHeld = held > 0 && !isAnswered(after);
  // The answer itself says that it passed, whatever the captures have still to tell.
  const isSeen = told(last) ? answered || !isUnheard(last) : !isHeld && !isUnheard(last) && !isOnWire(last);
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
