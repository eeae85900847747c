// Asks each sample by both engines and from its file: one verdict, one place.
//   npm run exam -- --engines                 all samples
//   npm run exam -- --engines f01 s01         those with such words in their names
//   npm run exam -- --engines --continue F    keeps the answers in that file, and plays only what is not there yet
//   npm run exam -- --engines --minutes 5     begins no more scenarios after that
//   npm run exam -- --engines --write         and keeps the table in docs/exam-engines.md
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { engineCells, enginePage, engineTotals, isOne } from './exam/engines-table.ts';
import { named } from './exam/is-named.ts';
import { playAll } from './exam/play-all.ts';
import { askedAgain } from './lab/asked-again.ts';
import { onThisKernel } from './lab/needs.ts';
import { readScenarios } from './lab/scenario-file.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    engines: { type: 'boolean' },
    jobs: { type: 'string', default: '2' },
    continue: { type: 'string' },
    minutes: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});

const samples = await onThisKernel(
  readScenarios().filter(({ sample }) => sample),
  console.log,
);
const played = await playAll(
  named(samples, positionals),
  { ...values, jobs: Number(values.jobs) },
  async (scenario, before) => (before.packet ? before : askedAgain(scenario)),
  (rows) => console.log(engineCells(rows).join('  ')),
);
played.sort((one, other) => one.packet!.scenario.file.localeCompare(other.packet!.scenario.file));
console.log(`\n${engineTotals(played)}`);
if (values.write) writeFileSync(join(import.meta.dirname, '../docs/exam-engines.md'), enginePage(played));
process.exit(played.every(isOne) ? 0 : 1);
