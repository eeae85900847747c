// Takes each witness away in turn: less evidence must never mean another cause.
//   npm run exam -- --without                 a question with every witness, and one without each, of every scenario
//   npm run exam -- --without f01 s01         of those with such words in their names
//   npm run exam -- --without captures        with every witness, and without that one
//   npm run exam -- --without --spread 40     of so many, chosen by a rule
//   npm run exam -- --without --continue F    keeps the answers in that file, and asks only what is not there yet
//   npm run exam -- --without --minutes 5     begins no more scenarios after that
//   npm run exam -- --without --write         and keeps the table in docs/exam-without.md
//   npm run exam -- --without --keep FOLDER   and keeps netdoctor's documents there
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { witnesses } from '../src/host/without.ts';
import { grade } from './exam/grade.ts';
import { isNamed } from './exam/is-named.ts';
import { keepDocument } from './exam/keep-document.ts';
import { KeptRows } from './exam/kept-rows.ts';
import { spread } from './exam/spread.ts';
import { until } from './exam/until.ts';
import { ALL, totals, withoutPage, withoutRow } from './exam/without-table.ts';
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
    write: { type: 'boolean', default: false },
  },
});

const all = readScenarios().filter(({ later }) => later === undefined);
const taken = witnesses.filter((name) => positionals.includes(name));
const words = positionals.filter((word) => !witnesses.includes(word));
const named =
  words.length > 0 ? all.filter((scenario) => words.some((word) => isNamed(scenario, word))) : all;
const chosen = values.spread === undefined ? named : spread(named, Number(values.spread));
const kept = new KeptRows(values.continue ?? null);
const rows: Record<string, Row>[] = [];
const waiting = [...chosen];
const minutes = values.minutes === undefined ? null : Number(values.minutes);
for (const scenario of until(waiting, minutes)) {
  const before = kept.of(scenario) ?? {};
  const missing = [ALL, ...(taken.length > 0 ? taken : witnesses)].filter((name) => !(name in before));
  const row = missing.length > 0 ? { ...before, ...(await play(scenario, missing)) } : before;
  rows.push(row);
  if (missing.length > 0) kept.keep(scenario, row);
  console.log(withoutRow(row).join('  '));
}
if (waiting.length > 0) console.log(`\n${waiting.length} scenarios are left`);
console.log(`\n${totals(rows).join('\n')}`);
if (values.write) writeFileSync(join(import.meta.dirname, '../docs/exam-without.md'), withoutPage(rows));
process.exit(rows.some((row) => Object.values(row).some((one) => grade(one) === 'wrong')) ? 1 : 0);

/** The fault is made once; each question then lacks another witness. */
function play(scenario: Scenario, names: readonly string[]): Promise<Record<string, Row>> {
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
