/** The table of the recipes' exam: a row for each recipe and kind of container, a column for each question. */
import { wrapped } from '../reference/markdown.ts';
import { candidates, type Examined, questions } from './recipe-exam.ts';

const HEADS = {
  works: 'works',
  idempotent: 'again: no change',
  undone: 'undone',
  interrupted: 'interrupted, undone',
  script: 'script works',
} as const;

const KINDS = { namespaces: 'namespaces', docker: 'Docker', both: 'Docker and a namespace' } as const;

/** Recipe, kind of containers, and the answer to each question. */
export type Row = readonly string[];

/** What was wrong, each with the question that it belongs to. */
export const complaints = ({ faults }: Examined): readonly string[] =>
  questions.flatMap((question) => faults[question].map((fault) => `${HEADS[question]}: ${fault}`));

export const rowOf = (examined: Examined): Row => [
  examined.name,
  KINDS[examined.kind],
  ...questions.map((question) => cell(examined, question)),
];

function cell({ impossible, faults, interruptions }: Examined, question: (typeof questions)[number]): string {
  if (impossible !== null) return question === 'works' ? impossible.split(': ').at(-1)! : '-';
  if (faults[question].length > 0) return 'NO';
  return question === 'interrupted' ? `yes, ${interruptions}×` : 'yes';
}

/** The rows of a page that was written earlier. */
export const rowsIn = (page: string): Row[] =>
  page
    .split('\n')
    .filter((line) => /^\| (?!recipe |---)/.test(line))
    .map((line) =>
      line
        .slice(2, -2)
        .split('|')
        .map((text) => text.trim()),
    );

/** New rows in the place of old ones, in the order of the cases; what is no case any more goes. */
export const merged = (old: readonly Row[], fresh: readonly Row[]): Row[] =>
  candidates.flatMap(({ name, kind }) => {
    const same = (row: Row): boolean => row[0] === name && row[1] === KINDS[kind];
    const row = fresh.find(same) ?? old.find(same);
    return row ? [row] : [];
  });

/** Everything as Markdown: what is asked, and what was seen. */
export function recipesTable(rows: readonly Row[]): string {
  const tried = rows.filter(([, , works]) => works === 'yes' || works === 'NO');
  const good = tried.filter((row) => !row.includes('NO'));
  const interruptions = rows.flatMap((row) =>
    row.map((text) => Number(/^yes, (\d+)×$/.exec(text)?.[1] ?? 0)),
  );
  return [
    wrapped(
      `Each recipe is made and proved by traffic, made again without a change, undone with the machine as it was before
(links, addresses, routes, rules, settings, names of namespaces, files), left after every single command and undone, and
made by \`sh\` from its \`--dry-run\` script, with the same proof. A published port is also asked for from another machine,
from the host and from the container itself.`.replaceAll('\n', ' '),
    ),
    `${good.length} of ${tried.length} good; left ${interruptions.reduce((sum, one) => sum + one, 0)} times in the middle.`,
    [['recipe', 'containers', ...questions.map((question) => HEADS[question])], Array(7).fill('---'), ...rows]
      .map((row) => `| ${row.join(' | ')} |`)
      .join('\n'),
  ].join('\n\n');
}
