/** What one scenario, asked again and again, was answered, and the page that keeps it. */
import type { Row } from '../lab/scenario.ts';
import { joined, table } from '../reference/markdown.ts';
import { grade } from './grade.ts';
import { quantile } from './repair-totals.ts';

/** As the grades, with a fault that was called healthy apart from one that was called another. */
const SORTS = ['right', 'place only', 'undecided', 'wrong', 'wrong healthy', 'failed', 'fault gone'] as const;
type Sort = (typeof SORTS)[number];

const sortOf = (row: Row): Sort => {
  const given = grade(row);
  return given === 'wrong' && row.answer.status === 'healthy' ? 'wrong healthy' : given;
};

const counts = (rows: readonly Row[]): number[] =>
  SORTS.map((sort) => rows.filter((row) => sortOf(row) === sort).length);

/** What could not be right, since nothing was wrong at that moment, is no wobble. */
export const isSteady = (rows: readonly Row[]): boolean =>
  rows.every((row) => ['right', 'fault gone'].includes(sortOf(row)));

/** What was said in place of the right answer, the most frequent first. */
function instead(rows: readonly Row[]): string {
  const said = new Map<string, number>();
  for (const row of rows) {
    if (isSteady([row])) continue;
    const { cause, status, between, complaint } = row.answer;
    const place = between ? ` ${between.map((hop) => hop ?? '·').join(' → ')}` : '';
    // At which step the time was up is another each time.
    const failed = (complaint ?? 'failed').replace(/ \(\d+ s\) before.*$/, '');
    const words = status === 'failed' ? failed : `${cause ?? status}${place}`;
    said.set(words, (said.get(words) ?? 0) + 1);
  }
  return [...said]
    .toSorted(([, one], [, other]) => other - one)
    .map(([words, times]) => `${times} × ${words.replace(/\s+/g, ' ')}`)
    .join('; ');
}

const secondsOf = (rows: readonly Row[]): number[] => rows.map(({ answer }) => answer.seconds);

/** One scenario's answers as cells: name, how many of each sort, median and longest seconds, what else was said. */
export const wobbleCells = (rows: readonly Row[]): string[] => [
  rows[0]!.scenario.file,
  ...counts(rows).map(String),
  quantile(secondsOf(rows), 0.5).toFixed(1),
  Math.max(...secondsOf(rows)).toFixed(1),
  instead(rows),
];

export const HEADS = ['scenario', ...SORTS, 'median s', 'longest s', 'said instead'];

export function wobbleTotals(asked: readonly (readonly Row[])[]): string[] {
  const all = asked.flat();
  const told = counts(all).map((count, at) => `${count} ${SORTS[at]}`);
  const seconds = secondsOf(all);
  return [
    `${all.length} answers to ${asked.length} scenarios: ${told.join(', ')}`,
    `${asked.filter(isSteady).length} scenarios were right every time`,
    `seconds: median ${quantile(seconds, 0.5).toFixed(1)}, 95 % within ${quantile(seconds, 0.95).toFixed(1)}, longest ${Math.max(...seconds).toFixed(1)}`,
  ];
}

export function wobblePage(asked: readonly (readonly Row[])[], times: number): string {
  const [steady, others] = [asked.filter(isSteady), asked.filter((rows) => !isSteady(rows))];
  return joined([
    '# Asked again and again, on a busy machine',
    `\`npm run exam -- --again ${times} --write\` writes this page. The scenarios are chosen by a rule over flows, runtimes and causes; each network is built once and asked about ${times} times, while work that never rests keeps every processor busy. Every answer counts. A fault that comes and goes may be gone for a moment: where ordinary traffic, asked four times right after a *healthy*, is answered each time, that is told in a column of its own.`,
    wobbleTotals(asked)
      .map((text) => `- ${text}`)
      .join('\n'),
    '## Not right every time',
    others.length === 0 ? 'None.' : table(HEADS, others.map(wobbleCells)),
    '## Right every time',
    steady.length === 0
      ? 'None.'
      : table(
          ['scenario', 'fault gone', 'median s', 'longest s'],
          steady.map(wobbleCells).map((cells) => [cells[0]!, ...cells.slice(-4, -1)]),
        ),
  ]);
}
