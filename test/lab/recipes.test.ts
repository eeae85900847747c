/** Every recipe on real namespaces and real containers: made, proved, made again, taken back, interrupted, scripted. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, expect, it } from 'vitest';
import { cases } from '../guide/enclosed/cases.ts';
import { candidates, type Examined, RecipeExam } from './recipe-exam.ts';
import { complaints, recipesTable, rowOf } from './recipe-table.ts';

const exam = new RecipeExam();
const rows: Examined[] = [];
afterAll(async () => {
  await exam.down();
  console.log(recipesTable(rows.map(rowOf)));
});

it('has a case for every recipe', () => {
  const recipes = readdirSync(join(import.meta.dirname, '../../recipes'));
  const tried = new Set(
    Object.values(cases).flatMap((of) => Object.values(of).map((one) => `${one.recipe}.yaml`)),
  );
  expect(recipes.filter((file) => !tried.has(file))).toEqual([]);
});

it.each(candidates.map(({ name, kind }) => [name, kind] as const))('%s, %s', async (name, kind) => {
  const row = await exam.examine(name, kind);
  rows.push(row);
  expect(complaints(row)).toEqual([]);
  if (row.impossible !== null) expect(await kernelLacks(name), row.impossible).toBe(true);
  else expect(row.interruptions).toBeGreaterThan(0);
});

/** Does the kernel have no such device, whatever netdoctor says of it? */
async function kernelLacks(kind: string): Promise<boolean> {
  const argv = ['--net', 'ip', 'link', 'add', 'x', 'type', kind];
  const { stderr } = await execa('unshare', argv, { reject: false });
  return /unknown device type/i.test(stderr);
}
