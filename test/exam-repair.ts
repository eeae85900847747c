// Takes the scenarios through the repair, and prints a table:
//   npm run exam -- --repair                 all that have a fault
//   npm run exam -- --repair rp-filter       those with such words in their names
//   npm run exam -- --repair --once          of each cause's scenarios as many as it takes until one is mended and undone
//   npm run exam -- --repair --engine podman   the faults that every engine has, on that one
//   npm run exam -- --repair --write         and keeps the table in docs/exam-repair.md
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { faultsOn } from './engines/faults.ts';
import { isNamed } from './exam/is-named.ts';
import { cells, isExact, markdown } from './exam/repair-table.ts';
import { repairTotals } from './exam/repair-totals.ts';
import { onThisKernel } from './lab/needs.ts';
import { type Mended, playRepair } from './lab/repair-scenario.ts';
import { readScenarios } from './lab/scenario-file.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    repair: { type: 'boolean' },
    jobs: { type: 'string', default: '2' },
    once: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    engine: { type: 'string' },
    daemon: { type: 'string' },
  },
});

const read = values.engine === undefined ? readScenarios() : faultsOn(values.engine, values.daemon);
const meant = read.filter(
  (scenario) =>
    scenario.expect !== 'healthy' &&
    scenario.expect !== 'undecided' &&
    (positionals.length > 0
      ? positionals.some((words) => isNamed(scenario, words))
      : scenario.later === undefined),
);
const chosen = await onThisKernel(meant, console.log);
// Where one of a cause is enough, the lab's own networks come before those for which an engine has to start.
if (values.once) chosen.sort((a, b) => Number(a.engine !== undefined) - Number(b.engine !== undefined));

/** Of a cause that no fix mends, another scenario seldom tells more than the first few. */
const MOST = 3;
const rows: Mended[] = [];
const lanes = Array.from({ length: Number(values.jobs) }, async () => {
  for (let scenario = chosen.shift(); scenario; scenario = chosen.shift()) {
    const tried = rows.filter((row) => row.scenario.expect === scenario.expect);
    if (values.once && (tried.some(isExact) || tried.length >= MOST)) continue;
    const row = await playRepair(scenario);
    rows.push(row);
    console.log(cells(row).join(' | '));
  }
});
await Promise.all(lanes);
rows.sort((a, b) => a.scenario.file.localeCompare(b.scenario.file));

const summary = repairTotals(rows);
console.log(`\n${summary.join('\n')}`);
if (values.write)
  writeFileSync(join(import.meta.dirname, '../docs/exam-repair.md'), markdown(rows, summary, values.once));
process.exit(rows.every((row) => row.risks.length === 0 || isExact(row)) ? 0 : 1);
