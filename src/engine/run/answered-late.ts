/**
 * The first SYN of every connection is lost beyond this host, or the first few, and one that TCP sends again is answered: a
 * filter that takes no SYN with ECN bits, or none at first sight, a server that is started when it is asked for. Programs wait
 * for that each time. The kernel tells by the time stamps of TCP to which SYN an answer belongs (RFC 7323, 4.1): its round trip
 * is then far shorter than the time between the first SYN and the answer on the uplink, which a far end that is slow or far
 * away makes alike.
 */
import type { Evidence } from '../../model/evidence.ts';
import type { Flow } from '../../model/flow.ts';
import { type LateAnswers, spanOf } from '../../model/late-answers.ts';
import type { Path } from '../../model/path.ts';
import type { Passage, ProbeOutcome, Sighting } from '../../model/sighting.ts';
import { REPEATED } from '../../witness/control.ts';
import { count, spanInSeconds } from '../../words/text.ts';
import { SAME_PACKET, type SentAgain } from './sent-again.ts';

/** No third SYN leaves sooner: it is two seconds after the first since Linux 6.5, three before. Microseconds. */
const THIRD = 1_900_000;

interface Told {
  readonly path: Pick<Path, 'hops' | 'stages'>;
  readonly outcomes: readonly ProbeOutcome[];
  readonly sightings: readonly Sighting[];
  /** Every packet by itself, those that were sent again too. */
  readonly passages: readonly Passage[];
}

export interface AnsweredLate extends SentAgain {
  /** SYNs that had left before the one that was answered; null where nobody counted. */
  readonly lost: number | null;
  /** When that one had left, in milliseconds since the first. */
  readonly after: number;
}

/**
 * All probes that were answered, where each was so only when its SYN had been sent again, and beside them those whose answer the
 * uplink has shown to be as late, and of which nobody has heard before the time to wait was up; else none.
 */
export function answeredLate({ path, outcomes, sightings, passages }: Told): AnsweredLate[] {
  const last = path.hops.at(-1)?.id;
  if (path.stages.at(-1) !== 'beyond') return [];
  const lateBy = (probe: number, microseconds: number): AnsweredLate[] => {
    const there = sightings.filter((one) => one.probe === probe && one.hop === last);
    const sent = there.find(({ kind }) => kind === 'request');
    const back = there.find(({ kind }) => kind === 'reply');
    if (!sent || !back) return [];
    const left = back.at - microseconds;
    if (left - sent.at <= REPEATED) return [];
    const before = passages.filter(
      (one) =>
        one.probe === probe &&
        one.hop === last &&
        one.kind === 'request' &&
        one.heading === 'out' &&
        one.at < left - SAME_PACKET,
    );
    return [
      {
        probe,
        until: sent.at + SAME_PACKET,
        lost: before.length > 0 ? before.length : left - sent.at < THIRD ? 1 : null,
        after: (left - sent.at) / 1000,
      },
    ];
  };
  const answered = outcomes.filter(({ result }) => result === 'answered');
  // Without time stamps the kernel says 0: which of the two was answered is not known.
  const late = answered.flatMap(({ probe, microseconds }) =>
    microseconds ? lateBy(probe, microseconds) : [],
  );
  if (late.length === 0 || late.length < answered.length) return [];
  // Their round trip nobody has measured, and no longer one than the longest beside them is taken for theirs.
  const longest = Math.max(...answered.map(({ microseconds }) => microseconds ?? 0));
  const silent = outcomes.filter(({ result }) => result === 'silent');
  return [...late, ...silent.flatMap(({ probe }) => lateBy(probe, longest))];
}

/** All of them in one; null where there are none. */
export function together(late: readonly AnsweredLate[]): LateAnswers | null {
  if (late.length === 0) return null;
  const lost = late.flatMap((one) => one.lost ?? []);
  return {
    connections: late.length,
    lost: lost.length === late.length ? spanOf(lost) : null,
    after: spanOf(late.map(({ after }) => after)),
  };
}

/** What is told as lost was answered in the end, and late. */
export function inTheEnd(late: LateAnswers | null, { hops }: Path, { address }: Flow): Evidence[] {
  const last = hops.at(-1);
  if (!late || !last) return [];
  const { connections, after } = late;
  return [
    {
      witness: 'capture',
      at: last.id,
      microseconds: null,
      says: `${count(connections, 'connection')} ${connections === 1 ? 'was' : 'were'} answered, but not before the SYN had been sent again after ${spanInSeconds(after)}`,
      agrees: null,
      source: ['tcpdump', '-ni', last.name, 'host', address],
    },
  ];
}
