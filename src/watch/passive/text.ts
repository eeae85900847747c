/** Lines about a target's own troubles. */
import type { Spot } from '../../capture/spot.ts';
import { clockText } from '../../capture/text/clock.ts';
import { dropText, endsText } from '../../capture/text/journey.ts';
import { columnsOf } from '../../output/line/columns.ts';
import { count, list, plain } from '../../words/text.ts';
import { savedNotes } from '../text/saved.ts';
import type { PassiveEnded } from './question.ts';
import { type Kind, type Reach, TROUBLES, type Trouble } from './trouble.ts';

/** What each kind is called, of one and of several. */
const CALLED: Readonly<Record<Kind, readonly [string, string]>> = {
  'syn-unanswered': ['connection that nobody answered', 'connections that nobody answered'],
  'sent-again': ['segment sent again', 'segments sent again'],
  reset: ['connection reset', 'connections reset'],
  refused: ['connection refused', 'connections refused'],
  'icmp-error': ['ICMP error', 'ICMP errors'],
  'dns-unanswered': [
    'question to a name server that nobody answered',
    'questions to name servers that nobody answered',
  ],
  'dns-error': [
    'question that a name server answered with an error',
    'questions that name servers answered with errors',
  ],
};

export const beginningText = (target: string, spots: readonly Spot[]): string =>
  `watching what ${plain(target)} sends and gets, at ${list(spots.filter(({ hidden }) => !hidden).map(({ label }) => label))}; nothing is sent\n`;

/** Of what was lost, the last hop that saw it; of what came, nothing need be said. */
const placeText = (reach: Reach, spots: readonly Spot[], what: string): string =>
  reach.through
    ? `, ${what} passed every hop here`
    : `, ${what} was seen last at ${spots[reach.after]!.label}${reach.dropped ? `: ${dropText(reach.dropped)}` : ''}`;

const LOST: ReadonlySet<Kind> = new Set(['syn-unanswered', 'sent-again', 'dns-unanswered']);

/** A line of it, with the time. */
export const troubleText = (trouble: Trouble, spots: readonly Spot[]): string =>
  `${clockText(trouble.at)} ${saysText(trouble, spots)}\n`;

/** Who had it, with whom, what it was, and where. */
export function saysText(
  { kind, ends, reach, answer, says, program }: Trouble,
  spots: readonly Spot[],
): string {
  const who = program ? `${program.name} (pid ${program.pid}) ` : '';
  const place = LOST.has(kind)
    ? answer
      ? placeText(answer, spots, 'an answer')
      : placeText(reach, spots, kind === 'sent-again' ? 'the first' : 'it')
    : reach.through
      ? ''
      : placeText(reach, spots, 'it');
  return plain(`${who}${endsText(ends)}: ${says}${place}`.trimEnd());
}

/** What there was, by kind, and what could not be seen. */
export function endText(
  troubles: ReadonlyMap<Kind, number>,
  { spots, counts, packets, overrun, blind, because, saved }: PassiveEnded,
  columns: number,
): string {
  const lost = spots.flatMap(({ label }, at) => {
    const missed = counts[at]!.lost;
    return missed > 0 ? [`${label}: ${count(missed, 'frame')} came too fast to be read`] : [];
  });
  const rows = TROUBLES.flatMap((kind) => {
    const number = troubles.get(kind) ?? 0;
    return number === 0 ? [] : [[String(number), CALLED[kind][number === 1 ? 0 : 1]]];
  });
  return [
    `${count(packets, 'packet')} read${rows.length === 0 ? ', and nothing went wrong' : ''}`,
    ...columnsOf(rows, columns),
    ...lost,
    ...(overrun > 0 ? [`${count(overrun, 'frame')} came too fast to be looked at`] : []),
    ...(blind === null ? [] : [`why packets ended is not told: ${plain(blind)}`]),
    ...savedNotes(saved, 'what went wrong'),
    ...(because ? [because.message] : []),
  ]
    .map((line) => `${line}\n`)
    .join('');
}
