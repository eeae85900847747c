// Asks the same question again and again while every processor is busy: does the answer wobble?
//   npm run exam -- --again 20                60 scenarios, chosen by a rule, 20 times each
//   npm run exam -- --again 10 --spread 10    ten of them, ten times
//   npm run exam -- --again 20 f01 s01        those with such words in their names
//   npm run exam -- --again 20 --calm         without the load
//   npm run exam -- --again 20 --continue F   keeps the answers in that file, and asks only what is not there yet
//   npm run exam -- --again 20 --minutes 5    begins no more scenarios after that
//   npm run exam -- --again 20 --write        and keeps the table in docs/exam-wobbles.md
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { grade } from './exam/grade.ts';
import { named } from './exam/is-named.ts';
import { keepDocument } from './exam/keep-document.ts';
import { playAll } from './exam/play-all.ts';
import { spread } from './exam/spread.ts';
import { HEADS, isSteady, wobbleCells, wobblePage, wobbleTotals } from './exam/wobbles.ts';
import { burn } from './lab/burn.ts';
import { onThisKernel } from './lab/needs.ts';
import type { Row } from './lab/scenario.ts';
import { readScenarios, type Scenario } from './lab/scenario-file.ts';
import { staged } from './lab/staged.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    again: { type: 'string', default: '20' },
    spread: { type: 'string', default: '60' },
    jobs: { type: 'string', default: '2' },
    calm: { type: 'boolean', default: false },
    keep: { type: 'string' },
    continue: { type: 'string' },
    minutes: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const times = Number(values.again);
if (!(times >= 1)) throw new Error(`--again wants a number of times: --again 20, not ${values.again}`);

const all = await onThisKernel(
  readScenarios().filter(({ later }) => later === undefined),
  console.log,
);
const chosen = positionals.length > 0 ? named(all, positionals) : spread(all, Number(values.spread));

const load = values.calm ? null : burn();
console.log(HEADS.join(' | '));
const played = await playAll(
  chosen,
  { ...values, jobs: Number(values.jobs) },
  async (scenario, before) =>
    Object.keys(before).length > 0 ? before : Object.fromEntries((await askAgain(scenario)).entries()),
  (rows) => console.log(wobbleCells(Object.values(rows)).join(' | ')),
).finally(() => load?.stop());
const asked = played.map((rows) => Object.values(rows));
asked.sort(([one], [other]) => one!.scenario.file.localeCompare(other!.scenario.file));
console.log(`\n${wobbleTotals(asked).join('\n')}`);
if (values.write)
  writeFileSync(join(import.meta.dirname, '../docs/exam-wobbles.md'), wobblePage(asked, times));
process.exit(asked.every(isSteady) ? 0 : 1);

/** The network is built once. */
function askAgain(scenario: Scenario): Promise<Row[]> {
  return staged(scenario, async ({ ask }) => {
    const rows: Row[] = [];
    for (let time = 1; time <= times; time++) {
      const row = await ask();
      rows.push(row);
      if (values.keep) keepDocument(values.keep, `${scenario.file}.${time}.${grade(row)}`, row.answer);
    }
    return rows;
  });
}
