/** A watch as one document: netdoctor/watch/1. */
import type { Ledger } from './ledger.ts';
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
  { interval, window }: WatchQuestion,
  { underWay, missed }: Ended,
  { from, until }: { readonly from: number; readonly until: number },
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
    window: { seconds: window, ...partOf(course, ledger.window()) },
    unread: missed.reduce((sum, one) => sum + one, 0),
  };
}

export type Summary = ReturnType<typeof summaryOf>;
