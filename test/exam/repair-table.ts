/** The repair exam as a table: fault, cause, fix, and what came of it. */
import type { Mended } from '../lab/repair-scenario.ts';
import { folded, joined, table } from '../reference/markdown.ts';

const COLUMNS = [
  'fault',
  'cause',
  'fix',
  'risk',
  'verified',
  'configuration after undo',
  'fault again',
  'other flows',
  'seconds',
];

/** Whether a repair, or the way back from it, cut off somebody who was reached before it. */
export const isHarmful = ({ flows }: Mended): boolean =>
  flows !== null && flows.lost.length + flows.lostByUndo.length > 0;

/** Mended, verified, and taken back to the letter, with the same fault again, and nobody cut off. */
export const isExact = (row: Mended): boolean =>
  row.healthy &&
  row.undone === 'same' &&
  row.again === row.cause &&
  row.complaint === null &&
  !isHarmful(row);

/** `10 of 10`, and what was lost. */
function otherFlows(flows: Mended['flows']): string {
  if (flows === null) return '-';
  const { asked, lost, notBack, lostByUndo } = flows;
  const told = (what: string, of: readonly string[]): string[] =>
    of.length > 0 ? [`${what}: ${of.join(', ')}`] : [];
  return [
    `${asked - lost.length - notBack.length} of ${asked}`,
    ...told('LOST', lost),
    ...told('LOST BY UNDO', lostByUndo),
    ...told('not back', notBack),
  ].join('; ');
}

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
    otherFlows(row.flows),
    `${seconds?.toFixed(1) ?? '-'}${complaint ? ` ${complaint.replace(/\s+/g, ' ')}` : ''}`,
  ];
}

/** What is read is what did not come out as it must; the rest is looked up. */
export function markdown(rows: readonly Mended[], summary: readonly string[], once: boolean): string {
  const offered = rows.filter(({ risks }) => risks.length > 0);
  const exact = offered.filter(isExact);
  const inexact = offered.filter((row) => !isExact(row));
  const without = rows.filter(({ risks }) => risks.length === 0);
  const chosen = once
    ? ' Of each cause, scenarios are played until one is mended, verified and undone to the byte, three at most; the others are left out.'
    : '';
  return joined([
    '# Faults mended, verified and taken back',
    `Made by \`npm run exam -- --repair${once ? ' --once' : ''} --write\`.${chosen}`,
    'A network in use is broken; the fault is diagnosed, mended, asked about again and taken back; then rules, addresses, links, routes, neighbours, forwarding entries, sysctls, qdiscs and offloads of every namespace must be those of before, to the byte, and the same fault must be named again. Up to ten ordinary flows beside the question (gateways, name servers, neighbours, the published port, the world outside, another network) that worked before the fault are asked after the repair and after the undo: one that was answered under the fault and is lost then is a failure. Seconds are from the command that mends to the verdict after the fix: the first question, the fix, and the question asked again.',
    summary.map((line) => `- ${line}`).join('\n'),
    '## Mended in part, or not',
    inexact.length === 0 ? 'None.' : table(COLUMNS, inexact.map(cells)),
    '## The others',
    ...folded(`${exact.length} mended, verified and taken back`, table(COLUMNS, exact.map(cells))),
    ...folded(
      `${without.length} without a fix that may be made`,
      without.map(({ scenario, cause }) => `- ${scenario.file}: \`${cause ?? 'no cause'}\``).join('\n'),
    ),
  ]);
}
