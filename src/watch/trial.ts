/** One packet whose fate is known: a probe of netdoctor's own, or one of the target's. */

/** Where a packet was lost, by the numbers of hops on its way. */
export interface Lost {
  /** `beyond`: behind the last hop, where nobody sees whether it or its answer was lost. */
  readonly direction: 'request' | 'beyond' | 'reply';
  /** The last hop that saw it; -1: none, it never left its program. */
  readonly after: number;
  /** The next that is watched and did not; as many as there are hops: behind the last one; -1: the program that asked. */
  readonly before: number;
}

export interface Trial {
  readonly number: number;
  /** When it left: nanoseconds since 1970. */
  readonly at: bigint;
  /** Of each hop, when it was seen there on its way out, and its answer on the way back; null: it was not. */
  readonly request: readonly (bigint | null)[];
  readonly reply: readonly (bigint | null)[];
  /** `refused`: by the destination, which is an answer. `error`: somebody on the way answered in its place. */
  readonly result: 'answered' | 'refused' | 'error' | 'silent' | 'unsent';
  /** What was said in the place of an answer, as `host unreachable`, or the errno of a refusal to send. */
  readonly says: string | null;
  /** Nanoseconds until the program had its answer. */
  readonly trip: number | null;
  readonly lost: Lost | null;
}

/** Did an answer come of whoever was asked, and not of somebody else? */
export const isAnswered = ({ result }: Pick<Trial, 'result'>): boolean =>
  result === 'answered' || result === 'refused';

const last = (seen: readonly (bigint | null)[]): number => seen.findLastIndex((at) => at !== null);

/** How far a request came: the last hop that saw it; an answer proves that it came to the end. */
export function reached({ request, reply }: Pick<Trial, 'request' | 'reply'>): number {
  return reply.some((at) => at !== null) ? request.length : last(request);
}

/** Where a packet stopped that was not answered. `watched`: is somebody looking at this hop? */
export function placeOf(seen: Pick<Trial, 'request' | 'reply'>, watched: readonly boolean[]): Lost {
  const returned = seen.reply.findIndex((at) => at !== null);
  if (returned >= 0)
    return {
      direction: 'reply',
      after: returned,
      before: returned === 0 ? -1 : watched.lastIndexOf(true, returned - 1),
    };
  const after = last(seen.request);
  const next = watched.indexOf(true, after + 1);
  return next < 0
    ? { direction: 'beyond', after, before: watched.length }
    : { direction: 'request', after, before: next };
}
