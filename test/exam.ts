// Plays the scenarios and grades netdoctor's verdicts:
//   npm run exam                       all of them
//   npm run exam -- rp-filter f2       those with such words in their names, also ones kept for later
//   npm run exam -- port/docker        those of such a folder
//   npm run exam -- --write            and keeps the table in docs/exam.md
//   npm run exam -- --keep FOLDER      and keeps netdoctor's documents there
//   npm run exam -- --spread 40        so many of them, chosen by a rule
//   npm run exam -- --continue FILE    keeps the rows in that file, and plays only what is not there yet
//   npm run exam -- --minutes 20       begins no more scenarios after that
//   npm run exam -- --timeout 40       gives netdoctor so many seconds, on a machine that is slower than others
//   npm run exam -- --engine podman    the faults that every engine has, on that one; --daemon is Docker's daemon.json
//   npm run exam -- --by-hand          without netdoctor: does every fault break its flow, every repair mend it?
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { faultsOn } from './engines/faults.ts';
import { grade } from './exam/grade.ts';
import { isNamed } from './exam/is-named.ts';
import { keepDocument } from './exam/keep-document.ts';
import { playAll } from './exam/play-all.ts';
import { spread } from './exam/spread.ts';
import { line, markdown } from './exam/table.ts';
import { totals } from './exam/totals.ts';
import { askNetdoctor } from './lab/ask-netdoctor.ts';
import { askByHand } from './lab/by-hand.ts';
import { onThisKernel } from './lab/needs.ts';
import { networkOf } from './lab/network.ts';
import { type Answer, play, type Row } from './lab/scenario.ts';
import { readScenarios, type Scenario } from './lab/scenario-file.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    jobs: { type: 'string', default: '2' },
    write: { type: 'boolean', default: false },
    'by-hand': { type: 'boolean', default: false },
    sample: { type: 'boolean', default: false },
    keep: { type: 'string' },
    spread: { type: 'string' },
    continue: { type: 'string' },
    minutes: { type: 'string' },
    timeout: { type: 'string' },
    engine: { type: 'string' },
    daemon: { type: 'string' },
  },
});
const ask = values['by-hand'] ? askByHand : askInTime;

const read = values.engine === undefined ? readScenarios() : faultsOn(values.engine, values.daemon);
const all = await onThisKernel(read.filter(isAsked), console.log);
const chosen = values.spread === undefined ? all : spread(all, Number(values.spread));
const played = await playAll(
  chosen,
  { ...values, jobs: Number(values.jobs) },
  async (scenario, before) => (before.played ? before : { played: await playOne(scenario) }),
  (row) => console.log(line(row.played!)),
);
const rows = played.map((row) => row.played!);
rows.sort((one, other) => one.scenario.file.localeCompare(other.scenario.file));

const summary = totals(rows);
console.log(`\n${summary.join('\n')}`);
if (values.write) writeFileSync(join(import.meta.dirname, '../docs/exam.md'), markdown(rows));
process.exit(rows.every((row) => grade(row) === 'right') ? 0 : 1);

function isAsked(scenario: Scenario): boolean {
  const { file, later, sample } = scenario;
  if (values.sample && !sample) return false;
  // What netdoctor lacks something for is asked by its full name, or by what is lacking: “outside”.
  if (later !== undefined && !values['by-hand'])
    return [file, later].some((name) => positionals.includes(name));
  return positionals.length === 0 || positionals.some((words) => isNamed(scenario, words));
}

async function playOne(scenario: Scenario): Promise<Row> {
  const network = await networkOf(scenario);
  try {
    const row = await play(scenario, network, ask);
    keep(row);
    return row;
  } finally {
    await network.down();
  }
}

/** What a scenario says itself of its time holds. */
function askInTime(...[network, scenario, processId]: Parameters<typeof askNetdoctor>): Promise<Answer> {
  const { args } = scenario;
  const time = values.timeout === undefined ? [] : ['--timeout', values.timeout];
  return askNetdoctor(
    network,
    args.includes('--timeout') ? scenario : { ...scenario, args: [...args, ...time] },
    processId,
  );
}

/** Keeps what netdoctor said before, under and after the fault, to look into a verdict afterwards. */
function keep({ scenario, control, answer, repaired }: Row): void {
  if (values.keep === undefined) return;
  for (const [when, given] of Object.entries({ control, answer, repaired }))
    keepDocument(values.keep, `${scenario.file}.${when}`, given);
}
