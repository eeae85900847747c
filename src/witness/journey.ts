/** The journey witness: what the kernel did to the probe, interface by interface, and where it threw it away. */
import type { Machine, Traced, TraceFilters } from '../host/machine.ts';
import { outerLengths } from '../kernel/encapsulation.ts';
import { type Answer, known, mapAnswer } from '../model/answer.ts';
import type { Path } from '../model/path.ts';
import type { Sighting } from '../model/sighting.ts';
import { SYN } from '../probe/syn.ts';
import { count } from '../words/text.ts';
import { type FollowPlan, follow, type Journey } from './journey/follow.ts';
import type { Instance } from './journey/instance.ts';
import { lostIn, parseLine, type TraceEvent } from './journey/line.ts';
import { stackReader, symbolAt } from './journey/place-names.ts';

export interface JourneyWitness {
  /** The journey as far as the trace tells by now; `captured`: the hops on which a capture runs. */
  read(sightings: readonly Sighting[], captured: ReadonlySet<string>): Journey;
  /**
   * Tells when each probe was sent, so that its own context can be recognised, and the moment that sightings count
   * from: nanoseconds of CLOCK_MONOTONIC.
   */
  sent(probe: number, at: bigint, origin: bigint): void;
  /** Why what it says is not all there was; null where nothing was lost. */
  readonly gap: string | null;
  /** Waits until what the kernel has told by now is read, no longer than so many milliseconds. */
  settle(within: number): Promise<void>;
  stop(): Promise<void>;
}

const ETHERTYPE = { 4: 0x0800, 6: 0x86dd } as const;

export interface JourneyPlan {
  readonly path: Path;
  readonly family: 4 | 6;
  /** IP length of each probe; does it name the probe, and is it a SYN, whose length the kernel chooses? */
  readonly probes: readonly {
    readonly probe: number;
    readonly length: number;
    readonly own: boolean;
    readonly syn?: boolean;
  }[];
  onChange(): void;
}

/** Events of one run, at most, beside those of its own probes: on a host that is full of packets of a SYN's length. */
const MOST = 4000;
/** What one probe may cause: each device of a long path tells of it three times in both directions. */
const EACH = 60;
/** Drops that are no probe's, at most: more come faster than they can be looked at. */
const FOREIGN = 10_000;
/** A busy machine takes its time to look up the functions of drops. Milliseconds. */
const NAMING = 3000;
const UNNAMED = 'the functions of the kernel’s drops could not be looked up in time';
const TOO_MANY_DROPS = 'this host drops too much to tell the probe’s drops apart';
const TOO_MANY_PACKETS = 'too many packets of the probe’s length to follow them all';

/** With its real length: the kernel chooses that of a SYN. */
const sized = ({ probes, family }: Pick<JourneyPlan, 'probes' | 'family'>): JourneyPlan['probes'] =>
  probes.map((one) => (one.syn ? { ...one, length: SYN[family] } : one));

/**
 * Which events are those of the probes, as far as the kernel can tell: by their lengths, with and without Ethernet header,
 * and by those of the outer packets where a tunnel is the way out.
 */
export function filtersFor(plan: Pick<JourneyPlan, 'probes' | 'family' | 'path'>): TraceFilters {
  const kind = plan.path.hops.at(-1)?.kind ?? '';
  const lengths = new Set(
    sized(plan)
      .flatMap(({ length }) => [length, ...outerLengths(kind, length)])
      .flatMap((length) => [length, length + 14]),
  );
  return {
    lengths: [...lengths].map((length) => `len==${length}`).join('||'),
    drops: `protocol==${ETHERTYPE[plan.family]}`,
  };
}

/** The trace that stands beside the captures. */
export interface Beside extends Traced {
  /** Hands over the events from now on. */
  listen(hear: TraceHearing): void;
}

export interface TraceHearing {
  event(event: TraceEvent): void;
  lost(events: number): void;
}

/** `source`: the trace beside the captures, or an instance of tracefs, which prints lines. */
export function armJourney(
  machine: Machine,
  source: Beside | Instance,
  plan: JourneyPlan,
): Answer<JourneyWitness> {
  const probes = sized(plan);
  const naming = 'naming' in source ? source.naming : 'told';
  const events: TraceEvent[] = [];
  const skbs = new Set<string>();
  const sent: number[] = [];
  let origin = 0;
  const most = MOST + EACH * probes.length;
  let foreign = 0;
  let lost = 0;
  let gap: string | null = null;
  let changes = 0;
  /** Processor → the drop told last on it: its place among the events, or none of ours. */
  const lastDrop = new Map<number, number | null>();
  let read:
    | {
        readonly changes: number;
        readonly sightings: number;
        readonly captured: number;
        readonly journey: Journey;
      }
    | undefined;
  const byStack = stackReader((of, place) => {
    const at = lastDrop.get(of.cpu) ?? -1;
    const event = events[at];
    lastDrop.delete(of.cpu);
    if (event?.pid !== of.pid) return;
    events[at] = { ...event, location: place };
    changes++;
    plan.onChange();
  });
  let symbols: Answer<Buffer> | undefined;
  const placed = (event: TraceEvent): TraceEvent => {
    if (naming !== 'address' || event.location === null) return event;
    symbols ??= mapAnswer(machine.read('/proc/kallsyms'), (text) => Buffer.from(text));
    const location = symbols.known ? symbolAt(symbols.value, event.location) : undefined;
    return location ? { ...event, location } : event;
  };
  const take = (event: TraceEvent): void => {
    if (event.event === 'kfree_skb') lastDrop.set(event.cpu, null);
    // A host may throw away much that is nobody's probe: only what passed the filter of lengths, or what this very
    // process was sending, is looked at again.
    if (event.event === 'kfree_skb' && !skbs.has(event.skb) && event.pid !== machine.pid) {
      if (++foreign === FOREIGN) source.withoutDrops();
      if (foreign >= FOREIGN) gap = TOO_MANY_DROPS;
      return;
    }
    if (events.length >= most) {
      gap ??= TOO_MANY_PACKETS;
      return;
    }
    if (event.event !== 'kfree_skb') skbs.add(event.skb);
    else lastDrop.set(event.cpu, events.length);
    events.push(placed(event));
    changes++;
    plan.onChange();
  };
  const onLine = (line: string): void => {
    const event = foreign > FOREIGN && line.includes(': kfree_skb: ') ? undefined : parseLine(line);
    if (event) {
      take(event);
      return;
    }
    if (naming === 'stack') byStack(line);
    lost += lostIn(line);
  };
  if ('naming' in source) {
    const listening = source.listen(filtersFor(plan), onLine);
    if (!listening.known) return listening;
  } else {
    source.listen({
      event: take,
      lost(events) {
        lost += events;
      },
    });
  }
  return known(
    {
      read(sightings, captured) {
        const isSame = read?.sightings === sightings.length && read.captured === captured.size;
        if (read?.changes === changes && isSame) return read.journey;
        const state: FollowPlan = {
          hops: plan.path.hops,
          ...(plan.path.branches && { branches: plan.path.branches }),
          pid: machine.pid,
          probes,
          sent,
          origin,
        };
        // Per-CPU buffers may be read out of order.
        const inTime = events.toSorted((a, b) => a.at - b.at);
        read = {
          changes,
          sightings: sightings.length,
          captured: captured.size,
          journey: follow(inTime, state, sightings, captured),
        };
        return read.journey;
      },
      sent(probe, at, from) {
        sent[probe] = Number(at / 1000n);
        origin = Number(from / 1000n);
      },
      get gap() {
        return (
          gap ??
          (lost > 0
            ? `${count(lost, 'event')} of the kernel’s trace came faster than they could be read`
            : null)
        );
      },
      async settle(within) {
        if ('told' in source && !(await source.told(Math.min(NAMING, within)))) gap ??= UNNAMED;
      },
      // What stands beside the captures goes with them.
      stop: async () => ('naming' in source ? source.stop() : undefined),
    },
    ['perf', 'trace', '--no-syscalls', '-e', 'net:*,skb:kfree_skb'],
  );
}
