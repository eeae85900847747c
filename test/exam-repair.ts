// Takes the scenarios through the repair, and prints a table:
//   npm run exam -- --repair                 all that have a fault
//   npm run exam -- --repair rp-filter       those with such words in their names
//   npm run exam -- --repair --write         and keeps the table in docs/exam-repair.md
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Mended, playRepair } from './lab/repair-scenario.ts';
import { readScenarios } from './lab/scenario-file.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    repair: { type: 'boolean' },
    jobs: { type: 'string', default: '2' },
    write: { type: 'boolean', default: false },
  },
});

const chosen = readScenarios().filter(
  ({ file, expect, later }) =>
    expect !== 'healthy' &&
    expect !== 'undecided' &&
    (positionals.length > 0
      ? positionals.some((words) => `${file} ${expect}`.includes(words))
      : later === undefined),
);

const COLUMNS = ['scenario', 'cause', 'fixes', 'kept', 'healthy', 'after undo', 'again', 'seconds'] as const;

function cells({
  scenario,
  cause,
  risks,
  kept,
  healthy,
  undone,
  again,
  seconds,
  complaint,
}: Mended): string[] {
  const same = undone === null ? '-' : undone === 'same' ? 'same' : `DIFFERS ${undone}`;
  return [
    scenario.file,
    cause ?? '-',
    risks.join(' ') || '-',
    String(kept),
    kept === 0 && risks.length === 0 ? '-' : healthy ? 'yes' : 'no',
    same,
    undone === null ? '-' : again === cause ? 'yes' : `NO: ${again}`,
    `${seconds.toFixed(1)}${complaint ? ` ${complaint}` : ''}`,
  ];
}

const rows: Mended[] = [];
const lanes = Array.from({ length: Number(values.jobs) }, async () => {
  for (let scenario = chosen.shift(); scenario; scenario = chosen.shift()) {
    const row = await playRepair(scenario);
    rows.push(row);
    console.log(cells(row).join(' | '));
  }
});
await Promise.all(lanes);
rows.sort((a, b) => a.scenario.file.localeCompare(b.scenario.file));

const causes = (of: readonly Mended[]): number => new Set(of.map((row) => row.cause)).size;
const offered = rows.filter(({ risks }) => risks.length > 0);
const verified = offered.filter(({ healthy }) => healthy);
const exact = verified.filter(
  ({ undone, again, cause, complaint }) => undone === 'same' && again === cause && complaint === null,
);
const summary = [
  `${rows.length} faults; ${offered.length} with a fix that may be made (${causes(offered)} causes)`,
  `${verified.length} mended and verified (${causes(verified)} causes)`,
  `${exact.length} of them taken back to the letter, with the same fault again (${causes(exact)} causes)`,
];
console.log(`\n${summary.join('\n')}`);
if (values.write) {
  const table = [COLUMNS, COLUMNS.map(() => '---'), ...rows.map(cells)].map(
    (row) => `| ${row.join(' | ')} |`,
  );
  writeFileSync(
    join(import.meta.dirname, '../docs/exam-repair.md'),
    `# Faults mended, verified and taken back\n\n${summary.map((line) => `- ${line}`).join('\n')}\n\n${table.join('\n')}\n`,
  );
}
process.exit(exact.length === offered.length ? 0 : 1);
