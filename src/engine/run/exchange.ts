/** A path that carries a handshake and no data is not healthy: one exchange of data follows over a probe's connection. */
import type { Machine, SocketEvent } from '../../host/machine.ts';
import type { Exchange, WantedData } from '../../model/exchange.ts';
import type { Flow } from '../../model/flow.ts';
import type { Netns } from '../../model/netns.ts';
import type { ProbeOutcome } from '../../model/sighting.ts';
import { openTalk, speechOf } from '../../probe/speech.ts';
import type { Talk } from '../../probe/talk.ts';
import { SILENCE } from './decide.ts';
import type { RunLog } from './log.ts';
import type { Sender } from './sending.ts';

/** Round trips of the handshake within which data is acknowledged, and the least. Milliseconds. */
const PATIENCE = 5;
const LEAST = 120;
/**
 * A greeting is all that comes: a server may look the caller's name up first, or hold it back to see who is impatient. That
 * many times what an answer from beyond this host is waited for, and the least. Milliseconds.
 */
const GREETING = { waits: 3, least: 3000 } as const;
/** Nobody acknowledged it: TCP repeats it after 200 ms at the earliest, and once more. RFC 6298, TCP_RTO_MIN. Milliseconds. */
const REPEATED = 700;
/** IP and TCP header with timestamps in front of the data. */
const HEADERS = { 4: 52, 6: 72 } as const;

export interface ExchangePlan {
  readonly talk: Talk;
  /** The number of its own packets. */
  readonly probe: number;
  /** IP length of its first packet, null where it says nothing itself. */
  readonly length: number | null;
  /** Somebody named what is said. */
  readonly isNamed: boolean;
}

/** What is to be said, ready before anything is sent; null where nothing is. */
export async function prepareExchange(
  flow: Flow,
  wanted: WantedData | undefined,
  probe: number,
): Promise<ExchangePlan | null> {
  const speech = speechOf(flow, wanted);
  if (!speech) return null;
  const talk = await openTalk(flow, speech);
  const said = talk.opening.length;
  if (speech === 'tls' && said === 0) return null;
  const length = said > 0 ? HEADERS[flow.family] + said : null;
  return { talk, probe, length, isNamed: wanted !== undefined };
}

/** What the witnesses are told of it ahead of time. */
export const toWatch = (plan: ExchangePlan | null): { data?: { probe: number; length: number } } =>
  plan?.length ? { data: { probe: plan.probe, length: plan.length } } : {};

/** The probe over whose connection data did not come through; null where it did. */
export const brokenOver = (exchange: Exchange | null): number | null =>
  exchange?.result === 'lost' || exchange?.result === 'reset' ? exchange.over : null;

export interface Speaking {
  /** Waits for the end of it, and tells how it ended. */
  end(): Promise<Exchange>;
}

export interface Surroundings {
  readonly machine: Machine;
  readonly sender: Sender;
  readonly log: RunLog;
  readonly netns: Netns | null;
  readonly deadline: number;
  /** Milliseconds that an answer from beyond this host is waited for. */
  readonly wait: number;
  /** Milliseconds that a queue of this host may hold a packet back. */
  readonly held: number;
  readonly signal: AbortSignal;
  onSent(probe: number, at: bigint): void;
  /** Has a rule ended a packet of this probe's connection? */
  ended(probe: number): boolean;
  /** Waits until the witnesses have told what they have. */
  settle(): Promise<void>;
}

/** Begins to speak over the first connection that stands; null where none does. */
export function beginExchange(plan: ExchangePlan, around: Surroundings): Speaking | null {
  const { talk, probe } = plan;
  const { machine, sender, log } = around;
  const standing = [...log.outcomes.values()].find(
    (one) => one.result === 'answered' && sender.owns(one.probe),
  );
  if (!standing) return null;
  const over = standing.probe;
  let said = 0;
  let answered = false;
  const outcome = (result: ProbeOutcome['result'], errno: string | null, says: string | null): void =>
    log.hear({ probe, result, microseconds: null, errno, says });
  const hear = (event: SocketEvent): void => {
    if (event.type === 'data') {
      answered = true;
      for (const bytes of talk.hear(event.bytes)) say(bytes);
      outcome('answered', null, null);
    } else if (event.type === 'ended') outcome('answered', null, 'ended');
    else if (event.type === 'error') outcome('error', event.errno, null);
  };
  const say = (bytes: Uint8Array): string | null => {
    said += bytes.length;
    sender.run.conversation = { over: over - sender.run.first, probe: probe - sender.run.first, said };
    return sender.speak(over, bytes, hear);
  };
  const begun = machine.now();
  const errno = say(talk.opening);
  around.onSent(probe, begun);
  if (errno) outcome('error', errno, null);
  const waited = (): number => Number(machine.now() - begun) / 1e6;
  return { end };

  async function end(): Promise<Exchange> {
    const since = log.now() - waited();
    const patience = Math.max(LEAST, ((standing!.microseconds ?? 0) / 1000) * PATIENCE);
    const greeting = Math.max(patience, GREETING.least, GREETING.waits * around.wait);
    const isGreeted = talk.speech === 'greeting';
    const wait = (until: () => number): Promise<void> =>
      log.wait(
        () => ({
          done: log.outcomes.has(probe) || log.now() >= until(),
          until: until(),
          what: isGreeted ? 'its greeting' : 'an answer to what was said over the connection',
          // A rule tells nobody that it has ended a packet.
          look: log.now() + LEAST,
        }),
        around.deadline,
        around.signal,
      );
    await wait(() =>
      isGreeted && !isReplied() && !around.ended(over)
        ? since + greeting
        : lastWord(around, probe, since + patience),
    );
    sender.look();
    const unanswered = !log.outcomes.has(probe);
    if (unanswered && talk.opening.length > 0 && isUnacknowledged(around, over))
      await wait(() => lastWord(around, probe, since + Math.max(REPEATED, patience * 2)));
    // It arrived: a program takes its time, or one behind it.
    if (unanswered && !isGreeted && !isUnacknowledged(around, over))
      await wait(() =>
        isReplied() || around.ended(over)
          ? lastWord(around, probe, 0)
          : since + Math.max(patience, around.wait),
      );
    // A greeting may have passed the hops before anybody knew whose it was; what a rule ended is sent again.
    if (unanswered && talk.opening.length === 0 && around.ended(over))
      await wait(() => (isReplied() ? lastWord(around, probe, 0) : since + Math.max(REPEATED, patience * 2)));
    // A socket may hear of a reset before the captures tell how far the data came.
    if (!answered) await around.settle();
    return {
      speech: talk.speech,
      over,
      probe,
      result: resultOf(),
      says: talk.line(),
      isNamed: plan.isNamed,
      noTls: talk.noTls(),
      waited: Math.round(waited()),
      certificate: talk.certificate(),
      outOfTime: talk.outOfTime(),
      clock: talk.clock(),
    };
  }

  function isReplied(): boolean {
    return log.sightings.some((one) => one.probe === probe && one.kind === 'reply');
  }

  function resultOf(): Exchange['result'] {
    const heard = log.outcomes.get(probe);
    if (answered) return 'answered';
    if (heard?.result === 'answered') return 'ended';
    if (heard) return 'reset';
    if (isReplied() || around.ended(over) || (talk.opening.length > 0 && isUnacknowledged(around, over)))
      return 'lost';
    return 'quiet';
  }
}

/** An answer that was seen on a hop is waited for as long as a packet may take through this host. */
function lastWord({ log, held }: Surroundings, probe: number, until: number): number {
  const replies = log.sightings.filter((one) => one.probe === probe && one.kind === 'reply');
  return Math.max(until, ...replies.slice(0, 1).map((one) => one.at / 1000 + Math.max(SILENCE, held)));
}

/** Has the kernel still data of this connection that nobody has acknowledged? */
function isUnacknowledged({ machine, sender, netns }: Surroundings, over: number): boolean {
  const { flow, ports, first } = sender.run;
  const sockets = machine.sockets(netns);
  const own =
    sockets.known &&
    sockets.value.find(
      (one) =>
        one.proto === 'tcp' && one.sourcePort === ports[over - first] && one.destination === flow.address,
    );
  return own ? own.sendQueue > 0 || (own.info?.unacknowledged ?? 0) > 0 : false;
}
