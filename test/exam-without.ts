// Takes each witness away in turn: less evidence must never mean another cause.
//   npm run exam -- --without                 a question with every witness, and one without each, of every scenario
//   npm run exam -- --without f01 s01         of those with such words in their names
//   npm run exam -- --without captures        with every witness, and without that one
//   npm run exam -- --without --spread 40     of so many, chosen by a rule
//   npm run exam -- --without --continue F    keeps the answers in that file, and asks only what is not there yet
//   npm run exam -- --without --minutes 5     begins no more scenarios after that
//   npm run exam -- --without --jobs 2        so many side by side; 1 unless told
//   npm run exam -- --without --write         and keeps the table in docs/exam-without.md
//   npm run exam -- --without --keep FOLDER   and keeps netdoctor's documents there
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { witnesses } from '../src/host/without.ts';
import { grade } from './exam/grade.ts';
import { named } from './exam/is-named.ts';
import { keepDocument } from './exam/keep-document.ts';
import { playAll } from './exam/play-all.ts';
import { spread } from './exam/spread.ts';
import { ALL, totals, withoutPage, withoutRow } from './exam/without-table.ts';
import { onThisKernel } from './lab/needs.ts';
import type { Row } from './lab/scenario.ts';
import { readScenarios, type Scenario } from './lab/scenario-file.ts';
import { staged } from './lab/staged.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    without: { type: 'boolean' },
    spread: { type: 'string' },
    keep: { type: 'string' },
    continue: { type: 'string' },
    minutes: { type: 'string' },
    jobs: { type: 'string', default: '1' },
    write: { type: 'boolean', default: false },
  },
});

const all = await onThisKernel(
  readScenarios().filter(({ later }) => later === undefined),
  console.log,
);
const taken = witnesses.filter((name) => positionals.includes(name));
const words = positionals.filter((word) => !witnesses.includes(word));
const meant = named(all, words);
const chosen = values.spread === undefined ? meant : spread(meant, Number(values.spread));
const rows = await playAll(
  chosen,
  { ...values, jobs: Number(values.jobs) },
  async (scenario, before) => {
    const missing = [ALL, ...(taken.length > 0 ? taken : witnesses)].filter((name) => !(name in before));
    return missing.length > 0 ? { ...before, ...(await play(scenario, missing)) } : before;
  },
  (row) => console.log(withoutRow(row).join('  ')),
);
console.log(`\n${totals(rows).join('\n')}`);
if (values.write) writeFileSync(join(import.meta.dirname, '../docs/exam-without.md'), withoutPage(rows));
process.exit(rows.some((row) => Object.values(row).some((one) => grade(one) === 'wrong')) ? 1 : 0);

/** The fault is made once, unless a question uses it up; each question then lacks another witness. */
async function play(scenario: Scenario, names: readonly string[]): Promise<Record<string, Row>> {
  if (!scenario.spent) return playOnce(scenario, names);
  const rows: Record<string, Row> = {};
  for (const name of names) Object.assign(rows, await playOnce(scenario, [name]));
  return rows;
}

function playOnce(scenario: Scenario, names: readonly string[]): Promise<Record<string, Row>> {
  return staged(scenario, async ({ network, ask }) => {
    const row: Record<string, Row> = {};
    for (const without of names) {
      network.lab.environment.NETDOCTOR_WITHOUT = without === ALL ? '' : without;
      row[without] = await ask();
      if (values.keep) keepDocument(values.keep, `${scenario.file}.${without}`, row[without].answer);
    }
    return row;
  });
}
