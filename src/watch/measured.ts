/** What one trial says of each leg of the way: whether it was lost there, and how long it took. */
import { isAnswered, type Lost, reached, type Trial } from './trial.ts';

/**
 * A leg is what lies between hop N and the one before it that is watched; leg 0 between the program that asks and the first hop,
 * and the last, whose number is that of the hops, between the last of them and whoever answers: there and back again.
 */
export interface Legs {
  /** By number of the leg: was it tried on the way out, and on the way back? */
  readonly tried: { readonly request: readonly boolean[]; readonly reply: readonly boolean[] };
  /** Nanoseconds; NaN where it was not seen at both ends. */
  readonly delay: { readonly request: readonly number[]; readonly reply: readonly number[] };
  readonly lost: Lost | null;
}

/** The leg on which it was lost, by number. */
export const legOf = ({ direction, after, before }: Lost): number => (direction === 'reply' ? after : before);

export function measure(trial: Trial, watched: readonly boolean[]): Legs {
  const { request, reply, lost } = trial;
  const hops = request.length;
  const came = reached(trial);
  const returned = reply.findIndex((at) => at !== null);
  const answered = isAnswered(trial);
  const before = (leg: number): number => watched.lastIndexOf(true, leg - 1);
  const starts = Array.from({ length: hops + 1 }, (_, leg) => (leg === 0 ? -1 : before(leg)));
  const isLeg = (leg: number): boolean => leg === hops || watched[leg] === true;
  const back = (leg: number): boolean => (returned >= 0 && returned <= leg) || answered;
  return {
    tried: {
      request: starts.map((start, leg) => isLeg(leg) && came >= start),
      reply: starts.map((_, leg) => leg < hops && isLeg(leg) && back(leg)),
    },
    delay: {
      request: starts.map((start, leg) => {
        if (!isLeg(leg)) return Number.NaN;
        if (leg === hops) return between(request[start] ?? null, reply[start] ?? null);
        return between(start < 0 ? trial.at : (request[start] ?? null), request[leg] ?? null);
      }),
      reply: starts.map((start, leg) => {
        if (!isLeg(leg) || leg === hops) return Number.NaN;
        // When the program has its answer is a matter of who else runs: no stamp of the kernel tells it.
        return start < 0 ? Number.NaN : between(reply[leg] ?? null, reply[start] ?? null);
      }),
    },
    lost,
  };
}

/** The clock of the day may be set between two stamps: what would end before it began says nothing. */
function between(from: bigint | null, until: bigint | null): number {
  if (from === null || until === null || until < from) return Number.NaN;
  return Number(until - from);
}
