/** The repair exam as a table: fault, cause, fix, and what came of it. */
import type { Mended } from '../lab/repair-scenario.ts';

const COLUMNS = [
  'fault',
  'cause',
  'fix',
  'risk',
  'verified',
  'configuration after undo',
  'fault again',
  'seconds',
];

/** Mended, verified, and taken back to the letter, with the same fault again. */
export const isExact = ({ healthy, undone, again, cause, complaint }: Mended): boolean =>
  healthy && undone === 'same' && again === cause && complaint === null;

export function cells(row: Mended): string[] {
  const { scenario, cause, risks, titles, kept, healthy, undone, again, seconds, complaint } = row;
  const verified = healthy ? 'yes' : kept > 0 ? 'in part' : risks.length > 0 ? 'no' : '-';
  return [
    scenario.file,
    cause ?? '-',
    titles.join('; ') || (risks.length > 0 ? 'none that helped' : 'none'),
    [...new Set(risks)].join(', ') || '-',
    verified,
    undone === null ? '-' : undone === 'same' ? 'same' : `DIFFERS ${undone}`,
    undone === null ? '-' : again === cause ? 'yes' : `NO: ${again}`,
    `${seconds?.toFixed(1) ?? '-'}${complaint ? ` ${complaint.replace(/\s+/g, ' ')}` : ''}`,
  ];
}

const escaped = (cell: string): string => cell.replaceAll('|', '\\|');

export function markdown(rows: readonly Mended[], summary: readonly string[], once: boolean): string {
  const table = [COLUMNS, COLUMNS.map(() => '---'), ...rows.map(cells)].map(
    (row) => `| ${row.map(escaped).join(' | ')} |`,
  );
  const chosen = once
    ? ' Of each cause, scenarios are played until one is mended, verified and undone to the byte; the others are left out.'
    : '';
  return `# Faults mended, verified and taken back

Made by \`npm run exam -- --repair${once ? ' --once' : ''} --write\`.${chosen} Each fault is diagnosed, mended, asked about
again and taken back; then rules, addresses, links, routes, neighbours, sysctls, qdiscs and offloads of every namespace
must be those of before, to the byte, and the same fault must be named again. Seconds are from the command that mends
to the verdict after the fix: the first question, the fix, and the question asked again.

${summary.map((line) => `- ${line}`).join('\n')}

${table.join('\n')}
`;
}
