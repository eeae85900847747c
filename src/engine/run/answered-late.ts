/**
 * The first SYN of every connection is lost beyond this host, and the one that TCP sends a second later is answered: a filter
 * that takes no SYN with ECN bits, or none at first sight. Programs wait that second each time. The kernel tells by the time
 * stamps of TCP to which of the two an answer belongs (RFC 7323, 4.1): its round trip is then far shorter than the time between
 * the first SYN and the answer on the uplink, which a far end that is slow or far away makes alike.
 */
import type { Evidence } from '../../model/evidence.ts';
import type { Flow } from '../../model/flow.ts';
import type { Path } from '../../model/path.ts';
import type { ProbeOutcome, Sighting } from '../../model/sighting.ts';
import { REPEATED } from '../../witness/control.ts';
import { count } from '../../words/text.ts';
import { SAME_PACKET, type SentAgain } from './sent-again.ts';

interface Told {
  readonly path: Pick<Path, 'hops' | 'stages'>;
  readonly outcomes: readonly ProbeOutcome[];
  readonly sightings: readonly Sighting[];
}

/**
 * All probes that were answered, where each was so only when its SYN had been sent again, and beside them those whose answer the
 * uplink has shown to be as late, and of which nobody has heard before the time to wait was up; else none.
 */
export function answeredLate({ path, outcomes, sightings }: Told): SentAgain[] {
  const last = path.hops.at(-1)?.id;
  if (path.stages.at(-1) !== 'beyond') return [];
  const lateBy = (probe: number, microseconds: number): SentAgain[] => {
    const there = sightings.filter((one) => one.probe === probe && one.hop === last);
    const sent = there.find(({ kind }) => kind === 'request');
    const back = there.find(({ kind }) => kind === 'reply');
    const isLate = sent && back && back.at - sent.at - microseconds > REPEATED;
    return isLate ? [{ probe, until: sent.at + SAME_PACKET }] : [];
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

/** What is told as lost was answered in the end, `late` connections of it: a second late. */
export function inTheEnd(late: number, { hops }: Path, { address }: Flow): Evidence[] {
  const last = hops.at(-1);
  if (late === 0 || !last) return [];
  return [
    {
      witness: 'capture',
      at: last.id,
      microseconds: null,
      says: `${count(late, 'connection')} ${late === 1 ? 'was' : 'were'} answered, but not before the SYN had been sent again after a second`,
      agrees: null,
      source: ['tcpdump', '-ni', last.name, 'host', address],
    },
  ];
}
