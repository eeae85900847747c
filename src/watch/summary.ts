/** A watch as one document: netdoctor/watch/1. */
import type { Alarm } from './alarms.ts';
import { apart, type Episode, endedBy, type Happened } from './happenings.ts';
import type { Ledger } from './ledger.ts';
import { between, changeOf, iso } from './ndjson.ts';
import type { Course, Ended, WatchQuestion } from './question.ts';
import type { Delays } from './statistics/delays.ts';
import type { Told, Way } from './tally.ts';

/** Rounded to the nanosecond that the kernel's stamps have. Microseconds. */
const micro = (nanoseconds: number): number => Math.round(nanoseconds) / 1000;

const delayOf = (delay: Delays | null) =>
  delay && {
    count: delay.count,
    last: micro(delay.last),
    average: micro(delay.average),
    best: micro(delay.best),
    worst: micro(delay.worst),
    deviation: micro(delay.deviation),
    jitter: micro(delay.jitter),
    p50: micro(delay.p50),
    p90: micro(delay.p90),
    p99: micro(delay.p99),
  };

const wayOf = ({ tried, lost, rate, low, high, delay }: Way) => ({
  tried,
  lost,
  rate,
  interval: [low, high],
  microseconds: delayOf(delay),
});

const countsOf = ({ settled, answered, lost, unsent, loss, order, trip }: Told) => ({
  settled,
  answered,
  lost,
  unsent,
  loss: {
    rate: loss.rate,
    interval: [loss.low, loss.high],
    pattern: order.pattern,
    p: order.p,
    bursts: order.bursts,
    longest: order.longest,
  },
  roundTrip: delayOf(trip),
});

const pathOf = ({ hops, watched, blind }: Course, { request, reply }: Told) =>
  hops.map(({ id, name, where, kind, link }, hop) => ({
    id,
    name,
    where,
    kind,
    ifindex: link.ifindex,
    watched: watched[hop] === true,
    because: blind.get(hop) ?? null,
    request: watched[hop] ? wayOf(request[hop]!) : null,
    reply: watched[hop] ? wayOf(reply[hop]!) : null,
  }));

const partOf = (course: Course, told: Told) => ({
  ...countsOf(told),
  path: pathOf(course, told),
  beyond: wayOf(told.request.at(-1)!),
});

/** `from`, `until`: milliseconds since 1970. */
export function summaryOf(
  ledger: Ledger,
  { interval, window }: Pick<WatchQuestion, 'interval' | 'window'>,
  { underWay, missed, unknown, saved }: Ended,
  { from, until }: { readonly from: number; readonly until: number },
  alarms: readonly Alarm[],
) {
  const course = ledger.course!;
  const { target, flow } = course;
  return {
    schema: 'netdoctor/watch/1' as const,
    target: {
      runtime: target.runtime,
      name: target.name,
      id: target.id,
      pid: target.pid,
      namespace: target.netns.inode,
    },
    flow: {
      from: flow.from,
      to: flow.to,
      address: flow.address,
      proto: flow.proto,
      port: flow.port,
      family: flow.family,
    },
    from: new Date(from).toISOString(),
    until: new Date(until).toISOString(),
    interval,
    underWay,
    ...partOf(course, ledger.whole()),
    window: { seconds: window, ...partOf(course, ledger.window(window)) },
    losses: {
      times: ledger.happenings.episodeCount,
      last: ledger.happenings.episodes.map((episode) => episodeOf(episode, course)),
    },
    reasons: [...ledger.happenings.reasons.values()].map(
      ({ course: where, lost, dropped, rule, says, count }) => ({
        direction: lost.direction,
        between: between(where, lost),
        drop: dropped,
        rule,
        says,
        count,
      }),
    ),
    changes: {
      count: ledger.happenings.changeCount,
      last: ledger.happenings.changes.map((happened) => ({
        ...changeOf(happened.change),
        beside: happened.beside && {
          at: iso(happened.beside.first.at),
          seconds: secondsApart(happened, happened.beside),
          probes: happened.beside.count,
        },
        ended: endedBy(happened, ledger.happenings)?.count ?? null,
      })),
    },
    alarms,
    unknown,
    saved,
    unread: missed.reduce((sum, one) => sum + one, 0),
  };
}

const secondsApart = (happened: Happened, episode: Episode): number =>
  Math.round(Number(apart(happened, episode)) / 1e3) / 1e6;

const episodeOf = ({ lost, first, last, count, beside }: Episode, course: Course) => ({
  from: iso(first.at),
  until: iso(last.at),
  probes: count,
  direction: lost.direction,
  between: between(course, lost),
  beside: beside?.change.what ?? null,
});

export type Summary = ReturnType<typeof summaryOf>;
