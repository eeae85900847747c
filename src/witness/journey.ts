/** The journey witness: what the kernel did to the probe, interface by interface, and where it threw it away. */
import type { Machine } from '../host/machine.ts';
import { type Answer, known } from '../model/answer.ts';
import { type Path, watched } from '../model/path.ts';
import type { Sighting } from '../model/sighting.ts';
import { SYN } from '../probe/syn.ts';
import { type FollowPlan, follow, type Journey } from './journey/follow.ts';
import type { Instance } from './journey/instance.ts';
import { parseLine, type TraceEvent } from './journey/line.ts';

export interface JourneyWitness {
  /** The journey as far as the trace tells by now. */
  read(sightings: readonly Sighting[]): Journey;
  /**
   * Tells when each probe was sent, so that its own context can be recognised, and the moment that sightings count
   * from: nanoseconds of CLOCK_MONOTONIC.
   */
  sent(probe: number, at: bigint, origin: bigint): void;
  stop(): Promise<void>;
}

const ETHERTYPE = { 4: 0x0800, 6: 0x86dd } as const;

export interface JourneyPlan {
  readonly path: Path;
  readonly family: 4 | 6;
  /** IP length of each probe; is it the probe's own, or a SYN's like any other? */
  readonly probes: readonly { readonly probe: number; readonly length: number; readonly own: boolean }[];
  onChange(): void;
}

/** Events of one run, at most: on a host that is full of packets of a SYN's length the rest stays untold. */
const MOST = 20_000;

export function armJourney(machine: Machine, instance: Instance, plan: JourneyPlan): Answer<JourneyWitness> {
  const probes = plan.probes.map((one) => (one.own ? one : { ...one, length: SYN[plan.family] }));
  const wanted = [...new Set(probes.map(({ length }) => length).flatMap((length) => [length, length + 14]))];
  const events: TraceEvent[] = [];
  const skbs = new Set<string>();
  const sent: number[] = [];
  let origin = 0;
  let read: { readonly events: number; readonly sightings: number; readonly journey: Journey } | undefined;
  const listening = instance.listen(
    {
      lengths: wanted.map((length) => `len==${length}`).join('||'),
      drops: `protocol==${ETHERTYPE[plan.family]}`,
    },
    (line) => {
      const event = parseLine(line);
      if (!event || events.length >= MOST) return;
      // A host may throw away much that is nobody's probe: only what passed the filter of lengths, or what this very
      // process was sending, is looked at again.
      if (event.event !== 'kfree_skb') skbs.add(event.skb);
      else if (!skbs.has(event.skb) && event.pid !== machine.pid) return;
      events.push(event);
      plan.onChange();
    },
  );
  if (!listening.known) return listening;
  return known(
    {
      read(sightings) {
        if (read?.events === events.length && read.sightings === sightings.length) return read.journey;
        const state: FollowPlan = {
          hops: watched(plan.path),
          pid: machine.pid,
          probes,
          sent,
          origin,
        };
        // Per-CPU buffers may be read out of order.
        const inTime = events.toSorted((a, b) => a.at - b.at);
        read = {
          events: events.length,
          sightings: sightings.length,
          journey: follow(inTime, state, sightings),
        };
        return read.journey;
      },
      sent(probe, at, from) {
        sent[probe] = Number(at / 1000n);
        origin = Number(from / 1000n);
      },
      stop: () => instance.stop(),
    },
    ['cat', '/sys/kernel/tracing/trace_pipe'],
  );
}
