/** Events of a watch as lines of JSON: moments as ISO dates, delays in microseconds. */
import { jsonLine } from '../output/json.ts';
import type { Change } from './change/change.ts';
import type { Course, WatchEvent } from './question.ts';
import type { Lost, Trial } from './trial.ts';

export const iso = (at: bigint): string => new Date(Number(at / 1_000_000n)).toISOString();
const micro = (nanoseconds: bigint): number => Number(nanoseconds) / 1000;

/** Hop ids, as in a diagnosis: the last that saw it, the first that did not; null at an end. */
export const between = ({ hops }: Course, { after, before }: Lost): readonly (string | null)[] => [
  hops[after]?.id ?? null,
  hops[before]?.id ?? null,
];

function trialOf(trial: Trial, course: Course) {
  const { number, at, request, reply, result, says, trip, lost } = trial;
  const since = (seen: bigint | null): number | null => (seen === null ? null : micro(seen - at));
  return {
    probe: number,
    at: iso(at),
    result,
    says,
    microseconds: trip === null ? null : Math.round(trip) / 1000,
    request: request.map(since),
    reply: reply.map(since),
    lost: lost && { direction: lost.direction, between: between(course, lost) },
  };
}

export const changeOf = ({ kind, where, at, what, before, after, near }: Change) => ({
  kind,
  where,
  at: iso(at),
  what,
  before,
  after,
  near,
});

/** Undefined for what is told before it is known what is watched. */
export function eventLine(event: WatchEvent, course: Course | null): string | undefined {
  if (event.type === 'watching') {
    const { target, flow, hops, watched } = event;
    return jsonLine({
      type: 'watching',
      target: { runtime: target.runtime, name: target.name, namespace: target.netns.inode },
      flow: { from: flow.from, to: flow.to, address: flow.address, proto: flow.proto, port: flow.port },
      path: hops.map(({ id }, hop) => ({ id, watched: watched[hop] === true })),
    });
  }
  if (event.type === 'change') return jsonLine({ type: 'change', ...changeOf(event.change) });
  if (!course) return undefined;
  if (event.type === 'trial') return jsonLine({ type: 'probe', ...trialOf(event.trial, course) });
  const { trial, lost, dropped, rule } = event;
  return jsonLine({
    type: 'loss',
    probe: trial.number,
    at: iso(trial.at),
    direction: lost.direction,
    between: between(course, lost),
    drop: dropped,
    rule,
  });
}
