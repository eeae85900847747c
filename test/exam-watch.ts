// What a watch notices: what is lost at each hop, at random and in bursts, and how soon it tells what has changed.
//   npm run exam -- --watch                  all of it, some minutes
//   npm run exam -- --watch beyond           those with such words in their names
//   npm run exam -- --watch --rounds 3       each three times
//   npm run exam -- --watch --continue F     keeps the runs in that file, and makes only what is not there yet
//   npm run exam -- --watch --minutes 4      begins no more runs after that
//   npm run exam -- --watch --write          and keeps the tables in docs/exam-watch.md
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { until } from './exam/until.ts';
import { notice } from './exam/watch/changes.ts';
import { Kept } from './exam/watch/kept.ts';
import { HEALTHY_RUNS, PATTERNS, type Purpose, type Run, run } from './exam/watch/losses.ts';
import {
  changeTotals,
  grouped,
  LOSS_HEADS,
  lossCells,
  lossTotals,
  type Noticed,
  type Ran,
  watchPage,
} from './exam/watch/page.ts';
import { Lab } from './lab/lab.ts';
import { lossPlaces } from './lab/loss-places.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    watch: { type: 'boolean' },
    rounds: { type: 'string', default: '1' },
    continue: { type: 'string' },
    minutes: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
if (!(rounds >= 1)) throw new Error(`--rounds wants a number of times: --rounds 3, not ${values.rounds}`);

/** Seconds between two probes of those watches that look for changes: the usual, and so few that each is told late by comparison. */
const INTERVALS = [0.2, 0.05];
const FAMILIES = ['icmp4', 'icmp6'] as const;

type Told = Record<string, number | null>;
const kept = new Kept<Run | Told>(values.continue ?? null);
const minutes = values.minutes === undefined ? null : Number(values.minutes);
const isWanted = (name: string): boolean =>
  !kept.found.has(name) && (positionals.length === 0 || positionals.some((words) => name.includes(words)));

const purposes: readonly (readonly [name: string, purpose: Purpose | null])[] = [
  ...PATTERNS.flatMap((pattern) =>
    lossPlaces.map((place) => [`${pattern.name}, ${place.name}`, { place, pattern }] as const),
  ),
  ...Array.from({ length: HEALTHY_RUNS }, (_, at) => [`nothing lost, ${at + 1}`, null] as const),
];
/** Runs that did not come to their end. */
const failed: string[] = [];
const times = Array.from({ length: rounds }, (_, at) => at + 1);
const ran: Ran[] = [];
const noticed = new Map(INTERVALS.map((interval) => [interval, new Map<string, (number | null)[]>()]));

/** One lab a family, its runs one after the other. */
async function losses(packets: (typeof FAMILIES)[number]): Promise<number> {
  const waiting = times.flatMap((time) =>
    purposes.map(([name, purpose]) => ({ name: `${packets}: ${name}, ${time}`, purpose })),
  );
  const wanted = waiting.filter(({ name }) => isWanted(name));
  if (wanted.length > 0) {
    const lab = await Lab.up({ ipv6: packets === 'icmp6' });
    for (const { name, purpose } of until(wanted, minutes)) {
      try {
        const found = await run(lab, packets, purpose);
        kept.keep(name, found);
        const [, , , ...cells] = lossCells([{ purpose, run: found }]);
        console.log(`${name}: ${cells.join(' | ')}`);
      } catch (error) {
        failed.push(name);
        console.log(`${name}: failed: ${String(error).split('\n')[0]}`);
      }
    }
    lab.down();
  }
  for (const { name, purpose } of waiting) {
    const found = kept.found.get(name) as Run | undefined;
    if (found) ran.push({ purpose, run: found });
  }
  return wanted.length;
}

async function changes(): Promise<number> {
  const waiting = times.flatMap((time) =>
    INTERVALS.map((interval) => ({ name: `changes, every ${interval} s, ${time}`, interval })),
  );
  const wanted = waiting.filter(({ name }) => isWanted(name));
  for (const { name, interval } of until(wanted, minutes)) {
    const lab = await Lab.up();
    kept.keep(name, Object.fromEntries(await notice(lab, interval)));
    lab.down();
    console.log(name);
  }
  for (const { name, interval } of waiting)
    for (const [kind, after] of Object.entries((kept.found.get(name) ?? {}) as Told)) {
      const all = noticed.get(interval)!;
      all.set(kind, [...(all.get(kind) ?? []), after]);
    }
  return wanted.length;
}

const left = await Promise.all(FAMILIES.map(losses));
// Alone: what is told is told late where others are busy.
left.push(await changes());

const told: Noticed = noticed;
console.log(`\n${LOSS_HEADS.join(' | ')}`);
for (const runs of grouped(ran)) console.log(lossCells(runs).join(' | '));
console.log(`\n${lossTotals(ran).join('\n')}\n${changeTotals(told).join('\n')}`);
const missing = left.reduce((sum, count) => sum + count, 0);
if (failed.length > 0) console.log(`\n${failed.length} runs failed: ${failed.join('; ')}`);
if (missing > 0) console.log(`\n${missing} runs are left`);
if (values.write) writeFileSync(join(import.meta.dirname, '../docs/exam-watch.md'), watchPage(ran, told));
process.exit(failed.length > 0 ? 1 : 0);
