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

/** The rows of a Markdown table, each column as wide as its widest cell. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const table = rows.map((row) => row.map(escaped));
  const widths = COLUMNS.map((_, column) => Math.max(3, ...table.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...rest] = table;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rest.map(line)];
}

const escaped = (cell: string): string => cell.replaceAll('|', '\\|');

export function markdown(rows: readonly Mended[], summary: readonly string[], once: boolean): string {
  const chosen = once
    ? ` Of each cause, scenarios are played
until one is mended, verified and undone to the byte, three at most; the others are left out.
`
    : '\n';
  return `# Faults mended, verified and taken back

Made by \`npm run exam -- --repair${once ? ' --once' : ''} --write\`.${chosen}
A network in use is broken; the fault is diagnosed, mended, asked about again and taken back; then rules, addresses,
links, routes, neighbours, forwarding entries, sysctls, qdiscs and offloads of every namespace must be those of before,
to the byte, and the same fault must be named again. Seconds are from the command that mends
to the verdict after the fix: the first question, the fix, and the question asked again.

${summary.map((line) => `- ${line}`).join('\n')}

${aligned([COLUMNS, ...rows.map(cells)]).join('\n')}
`;
}
