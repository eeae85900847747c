// Takes each witness away in turn: less evidence must never mean another cause.
//   npm run exam -- --without                 a question with every witness, and one without each, of every scenario
//   npm run exam -- --without f01 s01         of those with such words in their names
//   npm run exam -- --without --write         and keeps the table in docs/exam-without.md
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { witnesses } from '../src/host/without.ts';
import { grade } from './exam/grade.ts';
import { ALL, totals, withoutPage, withoutRow } from './exam/without-table.ts';
import { askNetdoctor } from './lab/ask-netdoctor.ts';
import { networkOf } from './lab/network.ts';
import type { Answer, Row } from './lab/scenario.ts';
import { readScenarios, type Scenario } from './lab/scenario-file.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { without: { type: 'boolean' }, write: { type: 'boolean', default: false } },
});

const chosen = readScenarios().filter(
  ({ file, expect, later, engine }) =>
    later === undefined &&
    engine === undefined &&
    (positionals.length === 0 || positionals.some((word) => `${file} ${expect}`.includes(word))),
);
const rows: Record<string, Row>[] = [];
for (const scenario of chosen) {
  const row = await play(scenario);
  rows.push(row);
  console.log(withoutRow(row).join('  '));
}
console.log(`\n${totals(rows).join('\n')}`);
if (values.write) writeFileSync(join(import.meta.dirname, '../docs/exam-without.md'), withoutPage(rows));
process.exit(rows.some((row) => Object.values(row).some((one) => grade(one) === 'wrong')) ? 1 : 0);

/** The fault is made once; each question then lacks another witness. */
async function play(scenario: Scenario): Promise<Record<string, Row>> {
  const network = await networkOf(scenario);
  try {
    for (const step of scenario.before) await network.step(step);
    const process = scenario.process && (await network.start(scenario.process));
    for (const step of scenario.inject) await network.step(step);
    await new Promise((resolve) => setTimeout(resolve, scenario.settle * 1000));
    const row: Record<string, Row> = {};
    for (const without of [ALL, ...witnesses]) {
      network.lab.environment.NETDOCTOR_WITHOUT = without === ALL ? '' : without;
      const answer: Answer = await askNetdoctor(network, scenario, process);
      row[without] = { scenario, answer, control: null, repaired: null, failedSteps: [] };
    }
    return row;
  } finally {
    await network.down();
  }
}
