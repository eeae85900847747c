/**
 * Follows a probe's packets through the trace by length, device and skb address.
 *
 * Why nobody else's packet is taken for ours: a probe of its own length (ICMP, UDP, DNS) starts on the first hop of the
 * path with that very length, and the lengths are drawn anew for every run; a SYN has no length of its own, so its first
 * event must happen in this process's own context, inside its connect(2), or at the moment a capture saw that SYN on
 * that hop with no second candidate. From there the skb's address is followed, and no further than its first free.
 */
import type { Drop } from '../../model/evidence.ts';
import { type Hop, isTunnel, watched } from '../../model/path.ts';
import type { Direction, Sighting } from '../../model/sighting.ts';
import type { TraceEvent } from './line.ts';
import { isInOneGo } from './one-go.ts';
import { isRefusedThere } from './refused-there.ts';
import { isRefuted } from './refuted.ts';
import { Traveller } from './traveller.ts';

export interface FollowPlan {
  /** The line, in order. */
  readonly hops: readonly Hop[];
  /** Beside its last hop: by which others the packet may leave. */
  readonly branches?: readonly Hop[];
  readonly pid: number;
  /** IP length of each probe; is it the probe's own, or a SYN's like any other? */
  readonly probes: readonly { readonly probe: number; readonly length: number; readonly own: boolean }[];
  /** Microseconds of CLOCK_MONOTONIC at which each probe was sent, by probe. */
  readonly sent: readonly number[];
  /** The moment sightings count from, in microseconds of CLOCK_MONOTONIC. */
  readonly origin: number;
}

export interface Step {
  readonly probe: number;
  readonly direction: Direction;
  readonly hop: string;
  /** Microseconds since the first probe left. */
  readonly at: number;
  readonly event: string;
}

export interface Journey {
  readonly steps: readonly Step[];
  readonly drops: readonly Drop[];
  /** Probes whose packets were found in the trace at all. */
  readonly tied: ReadonlySet<number>;
}

const ETHERNET = 14;
/**
 * Frees that are the ordinary end of a packet that arrived: the kernel's ping socket look-up behind a raw socket; and of a
 * copy, which raw and packet sockets get (raw_v4_input(), net/ipv4/raw.c).
 */
const ORDINARY =
  /^(ping_rcv|icmp_rcv|consume_skb|skb_release_data|raw_rcv|rawv6_rcv|packet_rcv|tpacket_rcv|unix_)/;
/** How far a SYN's first event may be from the capture that saw it: a callback's delay. */
const NEAR = 3000;
/** How long after connect(2) began its SYN may be queued in this process's own context. */
const WINDOW = 1500;

/** An address names nothing to people, and nothing to causes: bare before 5.15, hashed after. */
const placeName = (location: string | null): string =>
  location === null || /^(0x)?[0-9a-f]{8,16}$/.test(location) ? 'unknown' : location;

/** What the kernel told of a drop. */
const toldBy = ({ reason, location }: TraceEvent): Pick<Drop, 'reason' | 'function'> => ({
  reason: reason ?? 'NOT_SPECIFIED',
  function: placeName(location),
});

/** Reads all events so far anew: they are few, and the answer does not depend on how they arrived. */
export function follow(
  events: readonly TraceEvent[],
  plan: FollowPlan,
  sightings: readonly Sighting[],
  captured: ReadonlySet<string> = new Set(),
): Journey {
  const steps: Step[] = [];
  const drops: Drop[] = [];
  const tied = new Set<number>();
  const travellers = new Map(
    plan.probes.map(({ probe }) => [
      probe,
      new Traveller(plan.hops, turns(plan, sightings, captured, probe), plan.branches),
    ]),
  );
  /** Where an skb was last seen, and whose it is. */
  const owner = new Map<string, Whereabouts>();
  const names = new Set(watched(plan).map((hop) => hop.name));
  const exit = plan.hops.at(-1);
  const since = (at: number): number => at - plan.origin;

  for (const event of events) {
    if (event.event === 'kfree_skb') {
      const last = owner.get(event.skb);
      const mine = last && isInOneGo(last.event, event) ? last : undefined;
      const probe = mine?.probe ?? unsent(sending(event, plan), travellers);
      owner.delete(event.skb);
      if (
        probe === undefined ||
        (mine?.outside && !isRefusedThere(toldBy(event), mine, exit)) ||
        ORDINARY.test(event.location ?? '')
      )
        continue;
      if (drops.some((drop) => drop.probe === probe && drop.function === placeName(event.location))) continue;
      drops.push({
        ...toldBy(event),
        device: (mine?.outside ? exit?.name : mine?.device) ?? null,
        hop: (mine?.outside ? exit : mine && (enteredTunnel(mine, plan, sightings) ?? mine.hop))?.id ?? null,
        direction: mine ? travellers.get(probe)!.direction : 'request',
        probe,
        at: since(event.at),
      });
      tied.add(probe);
      continue;
    }
    const device = event.device ?? '';
    // What was consumed is told by nothing: the next SYN may stand at its address.
    const own = leaving(event, plan);
    const probe =
      byLength(event, plan) ??
      unsent(own, travellers) ??
      owner.get(event.skb)?.probe ??
      own ??
      tie(event, events, plan, sightings, owner);
    const traveller = probe === undefined ? undefined : travellers.get(probe);
    // What no length is known of is seen by captures, and followed by nobody: the greeting of a server that speaks first.
    if (probe === undefined || traveller === undefined) continue;
    // A packet of ours begins on the first hop of the path, and nowhere else.
    if (!traveller.started && !starts(plan).some(({ name }) => name === device)) continue;
    const mine = owner.get(event.skb);
    const hop = traveller.move(device, event.event, mine?.probe === probe && mine.device === device);
    // What stands in a device's queue has not crossed it: a drop there belongs to the hop before. A device that is
    // none of the path has led the packet elsewhere.
    const queued = event.event === 'net_dev_queue';
    // A bridge has no queue: what it has given to one of its ports has crossed it, though the kernel tells so only afterwards.
    const before = queued && mine?.device !== device ? (mine?.queuedOn ?? mine?.hop) : mine?.hop;
    const crossed = names.has(device) ? (queued ? before : (hop ?? before)) : undefined;
    // A program reads it from its tap, without a word of the kernel's: the next packet at this address is another's.
    if (hop?.kind === 'tun' && event.event === 'net_dev_xmit') owner.delete(event.skb);
    else
      owner.set(event.skb, {
        probe,
        hop: crossed,
        device,
        outside: traveller.outside,
        event,
        queuedOn: queued ? hop : undefined,
      });
    tied.add(probe);
    if (hop)
      steps.push({
        probe,
        direction: traveller.direction,
        hop: hop.id,
        at: since(event.at),
        event: event.event,
      });
  }
  const seen = { hops: plan.hops, captured, sightings };
  return { steps, drops: drops.filter((drop) => !isRefuted(drop, seen)), tied };
}

/** Where an skb was last seen, and of which probe it was then. */
interface Whereabouts {
  readonly probe: number;
  readonly hop: Hop | undefined;
  readonly device: string;
  readonly outside: boolean;
  readonly event: TraceEvent;
  /** The hop in whose queue it was put by that event. */
  readonly queuedOn: Hop | undefined;
}

/**
 * The tunnel that a packet was put into before anything else was told of it: the kernel queues it there, lets captures see it,
 * and sends the outer packet at the same address, all before it tells that it was transmitted (dev_hard_start_xmit(),
 * iptunnel_xmit()). What a capture saw on the tunnel stands in no queue of it any more.
 */
const enteredTunnel = (
  { probe, device, event }: Whereabouts,
  plan: FollowPlan,
  sightings: readonly Sighting[],
): Hop | undefined =>
  event.event === 'net_dev_queue'
    ? ends(plan).find(
        ({ id, name, kind }) =>
          name === device &&
          isTunnel(kind) &&
          sightings.some((one) => one.hop === id && one.probe === probe && one.kind === 'request'),
      )
    : undefined;

/** The first hop; where that is the last one too, those beside it as well. */
const starts = (plan: FollowPlan): readonly Hop[] =>
  plan.hops.length === 1 ? watched(plan) : plan.hops.slice(0, 1);

/** The last hop, and those beside it. */
const ends = (plan: FollowPlan): readonly Hop[] => watched(plan).slice(plan.hops.length - 1);

/**
 * The two ends of a tunnel or a cable may bear one name, and both may live on this host; and an answer that has no length of
 * its own is known by nothing but an address, which may be a stranger's by then. What is seen the other way round on the last
 * hop is there the answer only where a capture saw something come in too. Null: that is not to be said, and the packet tells.
 */
function turns(
  { hops, probes }: FollowPlan,
  sightings: readonly Sighting[],
  captured: ReadonlySet<string>,
  probe: number,
): boolean | null {
  const last = hops.at(-1);
  if (!last) return true;
  const there = sightings.filter((one) => one.probe === probe && one.hop === last.id);
  // A SYN that is sent again is seen twice on a cable, and comes back by none.
  if ((isTunnel(last.kind) && there.length > 1) || there.some(({ kind }) => kind !== 'request')) return true;
  // What comes home unchanged has crossed a router, and has less time to live.
  if (new Set(there.map(({ ttl }) => ttl)).size > 1) return true;
  const own = probes.find((one) => one.probe === probe)?.own;
  // What an XDP program throws away no capture shows; and one that did not know the request, since NAT gave it another port
  // and another end at once, would not know its answer.
  const isShown = captured.has(last.id) && last.link.xdp === null && there.length > 0;
  return isTunnel(last.kind) || (!own && isShown) ? false : null;
}

/** A probe that is on its way already is not the packet that was freed before any device. */
const unsent = (probe: number | undefined, travellers: ReadonlyMap<number, Traveller>): number | undefined =>
  probe !== undefined && !travellers.get(probe)?.started ? probe : undefined;

/** Of two of one length the one that was sent last. */
function byLength(event: TraceEvent, { probes, sent }: FollowPlan): number | undefined {
  const fitting = probes.filter(
    ({ own, length }) => own && (event.length === length || event.length === length + ETHERNET),
  );
  const last = fitting.findLast(({ probe }) => (sent[probe] ?? Number.POSITIVE_INFINITY) <= event.at);
  return (last ?? fitting[0])?.probe;
}

/** The probe that this very process was sending when the event happened in its context. */
function sending(event: TraceEvent, plan: FollowPlan): number | undefined {
  if (event.pid !== plan.pid) return undefined;
  for (let probe = plan.sent.length - 1; probe >= 0; probe--) {
    const passed = event.at - plan.sent[probe]!;
    if (passed >= 0) return passed <= WINDOW ? probe : undefined;
  }
  return undefined;
}

/** The probe whose SYN this very process was putting onto the first hop. */
const leaving = (event: TraceEvent, plan: FollowPlan): number | undefined =>
  !event.event.startsWith('netif') && starts(plan).some(({ name }) => name === event.device)
    ? sending(event, plan)
    : undefined;

/** Ties a SYN or its answer by the one capture of that moment. */
function tie(
  event: TraceEvent,
  events: readonly TraceEvent[],
  plan: FollowPlan,
  sightings: readonly Sighting[],
  owner: ReadonlyMap<string, { readonly probe: number }>,
): number | undefined {
  const at = event.at - plan.origin;
  const near = (sighting: Sighting, moment: number): boolean =>
    moment <= sighting.at + 200 && moment >= sighting.at - NEAR;
  const sighting = sightings.find((one) => {
    if (one.kind === 'neighbour' || one.probe < 0) return false;
    const first = one.kind === 'request' ? starts(plan) : ends(plan);
    const hop = first.find((candidate) => candidate.id === one.hop);
    return hop?.name === event.device && near(one, at);
  });
  if (!sighting) return undefined;
  const rivals = new Set(
    events
      .filter(
        (other) =>
          other.device === event.device &&
          other.length === event.length &&
          // The request on a device of the same name elsewhere is no rival of its own answer.
          owner.get(other.skb)?.probe !== sighting.probe &&
          near(sighting, other.at - plan.origin),
      )
      .map((other) => other.skb),
  );
  const others = sightings.filter(
    (one) => one.hop === sighting.hop && one.kind === sighting.kind && near(one, at),
  );
  return rivals.size === 1 && others.length === 1 ? sighting.probe : undefined;
}
