/**
 * An unprivileged stranger's floods beside diagnoses: all end in time, and none calls a healthy network a fault.
 * `NETDOCTOR_DIAGNOSES` beside each sort of flood (20), of at most so many seconds each.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab } from '../../lab/lab.ts';
import { type Asked, among, asked, SORTS } from '../strangers.ts';

const DIAGNOSES = Number(process.env.NETDOCTOR_DIAGNOSES ?? 20);
const TIMEOUT = 10;
/** What begins and ends beside the diagnosis itself, on a machine that the flood keeps busy. Seconds. */
const BESIDE = 8;

interface Row {
  readonly sort: string;
  readonly healthy: number;
  readonly undecided: number;
  readonly fault: number;
  readonly none: number;
  readonly median: number;
  readonly longest: number;
}

const rows: Row[] = [];
let lab: Lab;
beforeAll(async () => {
  lab = await Lab.up();
});
afterAll(() => {
  lab.down();
  console.table(rows);
});

function rowOf(sort: string, all: readonly Asked[]): Row {
  const seconds = all.map((one) => Math.round(one.seconds * 10) / 10).toSorted((a, b) => a - b);
  const count = (status: string): number => all.filter(({ said }) => said?.status === status).length;
  return {
    sort,
    healthy: count('healthy'),
    undecided: count('undecided'),
    fault: count('fault'),
    none: all.filter(({ said }) => said?.status === undefined).length,
    median: seconds[Math.floor(seconds.length / 2)] ?? 0,
    longest: seconds.at(-1) ?? 0,
  };
}

describe.sequential(`${DIAGNOSES} diagnoses of a healthy network`, () => {
  test.each(['nobody', ...Object.keys(SORTS)])('while %s', async (sort) => {
    const { who = [], to = ['--to', '198.51.100.1'] } = SORTS[sort] ?? {};
    const all: Asked[] = [];
    // A flood ends by itself after a minute: it is begun anew for every few.
    while (all.length < DIAGNOSES)
      await among(lab, who, async () => {
        for (let times = 0; times < 5 && all.length < DIAGNOSES; times++)
          all.push(await asked(lab, [...to, '--timeout', String(TIMEOUT)]));
      });
    const row = rowOf(sort, all);
    rows.push(row);
    expect([row.fault, row.none], JSON.stringify(row)).toEqual([0, 0]);
    expect(row.longest, JSON.stringify(row)).toBeLessThan(TIMEOUT + BESIDE);
  });
});
