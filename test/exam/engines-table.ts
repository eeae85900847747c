/** The table of the samples, each asked by both engines and judged again from its file. */
import { WAYS, type Way } from '../lab/asked-again.ts';
import type { Answer, Row } from '../lab/scenario.ts';
import { folded, joined, table } from '../reference/markdown.ts';
import { GRADES, grade, gradeCounts } from './grade.ts';
import type { Rows } from './play-all.ts';

const NAMES: Readonly<Record<Way, string>> = {
  packet: 'packet sockets',
  replayed: 'its file, replayed',
  cap: 'libpcap',
};

/** `rp-filter-drop host/up0 → ·` */
function said(answer: Answer | null): string {
  if (answer === null) return '–';
  if (answer.status === 'failed') return answer.complaint ?? 'failed';
  const place = answer.between?.map((hop) => hop ?? '·').join(' → ');
  return [answer.cause ?? answer.status, ...(place ? [place] : [])].join(' ');
}

const times = ({ control, answer, repaired }: Row): string[] => [control, answer, repaired].map(said);

/** Did every way say the same, before the fault, under it and after the repair? */
export const isOne = (rows: Rows): boolean =>
  new Set(WAYS.map((way) => times(rows[way]!).join('\n'))).size === 1;

/** The scenario, what was said live, and what the other ways said where it was another thing. */
export function engineCells(rows: Rows): string[] {
  const live = times(rows.packet!);
  const cell = (way: Way): string => {
    const others = times(rows[way]!).flatMap((one, at) =>
      one === live[at] ? [] : [`${['before', 'under it', 'repaired'][at]}: ${one}`],
    );
    return others.length === 0 ? 'the same' : `**${others.join('; ')}**`;
  };
  return [rows.packet!.scenario.file, live[1]!, grade(rows.packet!), cell('replayed'), cell('cap')];
}

export const HEADS = ['scenario', `by ${NAMES.packet}`, 'grade', NAMES.replayed, `by ${NAMES.cap}`];

export const engineTotals = (all: readonly Rows[]): string =>
  `${all.filter(isOne).length} of ${all.length} samples: one verdict and one place in every way, each time`;

const seconds = (all: readonly Rows[], way: Way): string => {
  const sorted = all.map((rows) => rows[way]!.answer.seconds).toSorted((a, b) => a - b);
  return sorted.length === 0 ? '–' : sorted[Math.floor(sorted.length / 2)]!.toFixed(2);
};

export function enginePage(all: readonly Rows[]): string {
  const apart = all.filter((rows) => !isOne(rows));
  return joined([
    '# The samples by both engines, and from their files',
    '`npm run exam -- --engines --write` writes this page. Each sample scenario is asked live by one packet socket a namespace, with `--save`; the file is judged again where none of its network is; and the question is put once more by libpcap. So it is before the fault, under it and after the repair: one verdict at one place is what is wanted.',
    `${engineTotals(all)}.`,
    table(
      ['', ...GRADES, 'median s'],
      WAYS.map((way) => [
        NAMES[way],
        ...gradeCounts(
          all.map((rows) => rows[way]!),
          GRADES,
        ).map(String),
        seconds(all, way),
      ]),
    ),
    '## Not the same',
    apart.length === 0 ? 'None.' : table(HEADS, apart.map(engineCells)),
    ...folded(`${all.length} samples`, table(HEADS, all.map(engineCells))),
  ]);
}
