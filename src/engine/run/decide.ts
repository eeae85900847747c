/** When is it known how a probe ended? Pure: what was seen by now, and what the clock says. */
import type { Hop, Path } from '../../model/path.ts';
import { type Direction, isAnswer, type ProbeOutcome, type Sighting } from '../../model/sighting.ts';
import { list } from '../../words/text.ts';
import type { Waiting } from './log.ts';

export interface Seen {
  readonly path: Path;
  readonly count: number;
  /** Milliseconds since the first probe at which each was sent; undefined: not yet. */
  readonly sent: readonly (number | undefined)[];
  readonly outcomes: ReadonlyMap<number, ProbeOutcome>;
  readonly sightings: readonly Sighting[];
  /** Hops on which a capture runs. */
  readonly captured: ReadonlySet<string>;
  /** Probes that a drop or a rule has ended. */
  readonly ended: ReadonlySet<number>;
  /** Does a program, and not the kernel alone, give the answer? */
  readonly answeredByProgram: boolean;
  /** Is a next hop being asked for already, by an earlier packet? Then the next question comes when its timer says. */
  readonly resolving: boolean;
  /** Does this host answer neighbours for others, and so late? */
  readonly proxied: boolean;
  /** Queues on the way that may hold a packet back: `netem on w0`. */
  readonly queues: readonly string[];
  /** Milliseconds an answer from beyond this host is waited for. */
  readonly wait: number;
}

/** A packet crosses a host in microseconds: this long without the next sighting decides. Milliseconds. */
export const SILENCE = 150;
/** For the last frames to come out of libpcap, and the last lines out of a trace. Milliseconds. */
const GRACE = 25;

export function waiting(seen: Seen, now: number): Waiting {
  let until = 0;
  let what = '';
  for (let probe = 0; probe < seen.count; probe++) {
    const one = deadline(seen, probe);
    if (one.until > until) ({ until, what } = one);
  }
  return { done: now >= until, until, what };
}

/** A probe that has come to nothing so far, and when it is likely to be lost. Milliseconds. */
export interface Doubt {
  readonly probe: number;
  readonly at: number;
}

/**
 * The first of which that can be said: at once where something has ended it, else when half of the time has passed for which
 * it is waited for.
 */
export function doubt(seen: Seen): Doubt | null {
  let first: Doubt | null = null;
  for (let probe = 0; probe < seen.count; probe++) {
    const sent = seen.sent[probe];
    const result = seen.outcomes.get(probe)?.result;
    if (sent === undefined || result === 'answered') continue;
    const isOver = seen.ended.has(probe) || (result !== undefined && result !== 'silent');
    const at = isOver ? sent : (sent + deadline(seen, probe).until) / 2;
    if (first === null || at < first.at) first = { probe, at };
  }
  return first;
}

function deadline(seen: Seen, probe: number): { until: number; what: string } {
  const sent = seen.sent[probe];
  if (sent === undefined) return { until: Number.POSITIVE_INFINITY, what: 'the probes to be sent' };
  const mine = seen.sightings.filter((sighting) => sighting.probe === probe);
  const latest = Math.max(sent, ...mine.map((sighting) => sighting.at / 1000));
  const outcome = seen.outcomes.get(probe);
  if (outcome && outcome.result !== 'silent')
    return complete(seen, mine)
      ? { until: latest, what: '' }
      : { until: latest + GRACE, what: 'the last sightings' };
  if (seen.ended.has(probe)) return { until: latest + GRACE, what: 'the last sightings' };
  const answered = mine.some(isAnswer);
  if (answered)
    return onWire(seen, mine, 'reply')
      ? { until: Math.max(latest + SILENCE, sent + seen.wait), what: OTHER_END }
      : unlessHeld(seen, sent, { until: latest + SILENCE, what: 'the answer to reach its sender' });
  const last = seen.path.hops.at(-1);
  const arrived = mine.some((sighting) => sighting.kind === 'request' && sighting.hop === last?.id);
  const beyond = seen.path.stages.at(-1) === 'beyond';
  // What stood in a queue has left this host that much later.
  const left = seen.queues.length > 0 ? latest : sent;
  const asked = seen.proxied ? openQuestion(seen) : undefined;
  const told = asked === undefined ? 0 : asked + PROXY_DELAY + SILENCE;
  if (last && beyond && (arrived || pendingOn(seen, last.id)))
    return {
      until: Math.max(left + seen.wait, told),
      what: `an answer from ${seen.path.realDestination}`,
    };
  if (arrived && seen.answeredByProgram) return { until: left + seen.wait, what: 'the program to answer' };
  if (seen.resolving) return resolving(seen, sent, latest);
  if (asked !== undefined)
    return { until: Math.max(told, latest + SILENCE), what: 'this host to answer for a neighbour' };
  if (onWire(seen, mine, 'request'))
    return { until: Math.max(latest + SILENCE, sent + seen.wait), what: OTHER_END };
  return unlessHeld(seen, sent, { until: latest + SILENCE, what: 'the next sighting' });
}

/**
 * Where a queue of the path may hold packets back, delay is no loss: its packet is waited for like one from far away, and as
 * long as the queue lets those before it go.
 */
function unlessHeld(
  { queues, sightings, wait }: Seen,
  sent: number,
  usual: { until: number; what: string },
): { until: number; what: string } {
  if (queues.length === 0) return usual;
  const moved = Math.max(
    sent,
    ...sightings.filter(({ kind }) => kind !== 'neighbour').map(({ at }) => at / 1000),
  );
  return { until: Math.max(usual.until, moved + wait), what: `the queue to let it go (${list(queues)})` };
}

const OTHER_END = 'the other end of the veth pair to show it';

/** Last seen on one end of a veth pair whose other end is up and watched: a wire loses nothing, a busy capture is late. */
const onWire = (seen: Pick<Seen, 'path' | 'captured'>, mine: readonly Sighting[], direction: Direction) =>
  farEnd(seen, mine, direction) !== undefined;

/** That other end. */
export function farEnd(
  { path, captured }: Pick<Seen, 'path' | 'captured'>,
  mine: readonly Sighting[],
  direction: Direction,
): Hop | undefined {
  const { hops, stages } = path;
  const has = (hop: Hop): boolean =>
    mine.some(
      (one) =>
        one.hop === hop.id &&
        one.kind !== 'neighbour' &&
        (one.kind === 'request') === (direction === 'request'),
    );
  const at = direction === 'request' ? hops.findLastIndex(has) : hops.findIndex(has);
  const next = direction === 'request' ? hops[at + 1] : hops[at - 1];
  const stage = stages[direction === 'request' ? at + 1 : at];
  return at >= 0 && stage === 'wire' && next?.link.up === true && captured.has(next.id) ? next : undefined;
}

/** A proxy waits up to so long before it answers: proxy_delay of neigh/DEV, arp(7). Milliseconds. */
const PROXY_DELAY = 800;

/** When the last question for a neighbour was put that nobody has answered. Milliseconds. */
function openQuestion({ sightings }: Seen): number | undefined {
  const talk = sightings.filter(({ kind }) => kind === 'neighbour');
  const open = talk.filter(({ says }) => {
    const wanted = /^who has ([^?]+)\?/.exec(says ?? '')?.[1];
    return wanted !== undefined && !talk.some((one) => one.says?.startsWith(`${wanted} is at `));
  });
  return open.length === 0 ? undefined : Math.max(...open.map(({ at }) => at / 1000));
}

/** Interval between two questions for one neighbour: retrans_time_ms of neigh/default, ip-sysctl.rst. Milliseconds. */
const RETRANSMIT = 1000;

/** The packet waits in the queue of a neighbour that is being asked for: the next question, and the moment after it, decide. */
function resolving(seen: Seen, sent: number, latest: number): { until: number; what: string } {
  const asked = seen.sightings
    .filter((one) => one.kind === 'neighbour' && one.at / 1000 >= sent && isOfPath(seen.path, one))
    .map((one) => one.at / 1000);
  const from = asked.length > 0 ? Math.max(latest, ...asked) : sent + RETRANSMIT;
  return { until: from + SILENCE, what: 'the next hop to answer for its address' };
}

/** A question of one of the path's own hops, or an answer to it: others of the segment, as this host, ask for themselves. */
function isOfPath(path: Path, { hop, source, destination, says }: Sighting): boolean {
  const at = path.hops.find(({ id }) => id === hop);
  return at === undefined || asksFrom(path, at, says?.startsWith('who has ') ? source : destination);
}

/**
 * Does a hop ask for its neighbours from this address: one that it has itself, or, where arp_announce is 0, the one that the
 * packet comes from (arp_solicit(), net/ipv4/arp.c)?
 */
export const asksFrom = ({ sourceAddress }: Path, { link }: Hop, address: string): boolean =>
  address === sourceAddress || link.addresses.some((own) => own.address === address);

/** Every hop that can be seen has seen the request and its answer. */
function complete(seen: Seen, mine: readonly Sighting[]): boolean {
  for (const hop of seen.captured) {
    const here = mine.filter((sighting) => sighting.hop === hop);
    if (!here.some((one) => one.kind === 'request') || !here.some((one) => one.kind !== 'request'))
      return false;
  }
  return true;
}

/** Somebody asks on this hop who has the next address, and nobody has answered: the packet waits in the queue. */
function pendingOn(seen: Seen, hop: string): boolean {
  const talk = seen.sightings.filter((sighting) => sighting.hop === hop && sighting.kind === 'neighbour');
  return talk.length > 0;
}
