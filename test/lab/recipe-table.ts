/** The table of the recipes' exam: a row for each recipe and kind of container, a column for each question. */
import { type Examined, questions } from './recipe-exam.ts';

const HEADS = {
  works: 'works',
  idempotent: 'again: no change',
  undone: 'undone',
  interrupted: 'interrupted, undone',
  script: 'script works',
} as const;

const KINDS = { namespaces: 'namespaces', docker: 'Docker', both: 'Docker and a namespace' } as const;

/** What was wrong, each with the question that it belongs to. */
export const complaints = ({ faults }: Examined): readonly string[] =>
  questions.flatMap((question) => faults[question].map((fault) => `${HEADS[question]}: ${fault}`));

function cell({ impossible, faults, interruptions }: Examined, question: (typeof questions)[number]): string {
  if (impossible !== null) return '-';
  if (faults[question].length > 0) return 'NO';
  return question === 'interrupted' ? `yes, ${interruptions} times` : 'yes';
}

/** Everything as Markdown: what is asked, and what was seen. */
export function recipesTable(rows: readonly Examined[]): string {
  const tried = rows.filter(({ impossible }) => impossible === null);
  const good = tried.filter((row) => complaints(row).length === 0);
  const refusals = [
    ...new Set(
      rows.flatMap(({ name, impossible }) =>
        impossible ? [`${name}: ${impossible.split(': ').at(-1)}`] : [],
      ),
    ),
  ];
  return [
    `Each recipe is made and proved by traffic, made again without a change, undone with the machine as it was before
(links, addresses, routes, rules, settings, names of namespaces, files), left after every single command and undone, and
made by \`sh\` from its \`--dry-run\` script, with the same proof. A published port is also asked for from another machine,
from the host and from the container itself.`.replaceAll('\n', ' '),
    `${good.length} of ${tried.length} good; ${tried.reduce((sum, row) => sum + row.interruptions, 0)} interruptions.`,
    ...refusals,
    [
      ['recipe', 'containers', ...questions.map((question) => HEADS[question])],
      ['---', '---', ...questions.map(() => '---')],
      ...rows.map((row) => [row.name, KINDS[row.kind], ...questions.map((question) => cell(row, question))]),
    ]
      .map((row) => `| ${row.join(' | ')} |`)
      .join('\n'),
  ].join('\n\n');
}
