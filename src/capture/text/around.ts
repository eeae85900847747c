/** What capture and replay say around the lines about packets. */

import type { Glyphs } from '../../output/glyphs.ts';
import { columnsOf } from '../../output/line/columns.ts';
import { LINK } from '../../pcapng/content.ts';
import { count, list, plain } from '../../words/text.ts';
import type { Ended, Ending, Listens } from '../question.ts';
import { asText, hexDump } from './dump.ts';
import { journeyText } from './journey.ts';

/** The first line: what is listened to; and what became of the filter where it is not the person's own. */
export function listeningText(
  { spots, filters, link }: Listens,
  { payload }: Readonly<Record<string, unknown>>,
): string {
  const labels = spots.filter(({ hidden }) => !hidden).map(({ label }) => label);
  const kind = link === LINK.ethernet ? 'EN10MB (Ethernet)' : 'LINUX_SLL2 (Linux cooked v2)';
  const what = payload ? 'headers and data' : 'headers alone; --payload takes data too';
  const notes = filters.flatMap(({ says }) => (says === null ? [] : [`${plain(says)}\n`]));
  return `listening on ${list(labels)}, link-type ${kind}, ${what}\n${notes.join('')}`;
}

/** The lines of one packet. */
export function pageOf(
  { spots, own }: Pick<Listens, 'spots' | 'own'>,
  options: Readonly<Record<string, unknown>>,
  glyphs: Glyphs,
): (ending: Ending) => string {
  const page = {
    spots,
    own,
    arrow: glyphs.ascii ? '>' : '→',
    more: glyphs.more,
    bad: glyphs.bad,
    quiet: options.quiet === true,
    verbose: options.fields === true,
    link: options.linkHeader === true,
  };
  return (ending) => {
    const { bytes, header } = ending.told.first;
    const dump = options.hex
      ? hexDump(bytes.subarray(header))
      : options.ascii
        ? asText(bytes.subarray(header))
        : [];
    return [journeyText(ending, page), ...dump].map((line) => `${line}\n`).join('');
  };
}

/** The last lines: captured, filtered, lost by the kernel, for each hop. */
export function endOfCapture(
  { packets, counts, taken, overrun, saved, blind, because, spots }: Ended,
  columns: number,
): string {
  const frames = taken.reduce((sum, one) => sum + one, 0);
  const shown = spots.filter(({ hidden }) => !hidden);
  const rows = shown.map(({ label }, at) => [
    label,
    `${taken[at]} captured`,
    `${counts[at]!.seen} passed the filter`,
    `${counts[at]!.lost} lost by the kernel`,
  ]);
  const files = saved?.files.length ? ` in ${list(saved.files.map((file) => plain(file)))}` : '';
  return [
    ...columnsOf(rows, columns),
    `${count(packets, 'packet')}, seen ${frames === 1 ? 'once' : `${frames} times`}`,
    ...(overrun > 0 ? [`${count(overrun, 'frame')} came too fast to be looked at`] : []),
    ...(saved ? [`${count(saved.packets, 'frame')} saved${files}`] : []),
    ...(blind === null ? [] : [`why packets ended is not told: ${plain(blind)}`]),
    ...(because ? [because.message] : []),
  ]
    .map((line) => `${line}\n`)
    .join('');
}
