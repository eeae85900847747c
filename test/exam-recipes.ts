// Takes every recipe through its whole life, and prints a table:
//   npm run exam -- --recipes                  all, on bare namespaces, Docker's containers, and both together
//   npm run exam -- --recipes bridge docker    those with such words in their names or kinds
//   npm run exam -- --recipes --write          and keeps their rows in docs/exam-recipes.md
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { candidates, type Examined, RecipeExam } from './lab/recipe-exam.ts';
import { complaints, merged, recipesTable, rowOf, rowsIn } from './lab/recipe-table.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { recipes: { type: 'boolean' }, write: { type: 'boolean', default: false } },
});

const kindsNamed = positionals.filter((word) => candidates.some(({ kind }) => kind === word));
const words = positionals.filter((word) => !kindsNamed.includes(word));
const chosen = candidates.filter(
  ({ name, kind }) =>
    (kindsNamed.length === 0 || kindsNamed.includes(kind)) &&
    (words.length === 0 || words.some((word) => name.includes(word))),
);

const exam = new RecipeExam();
const rows: Examined[] = [];
try {
  for (const { name, kind } of chosen) {
    const row = await exam.examine(name, kind);
    rows.push(row);
    const wrong = complaints(row);
    console.log(
      `${name}, ${kind}: ${row.impossible ?? (wrong.length === 0 ? 'good' : 'WRONG')} ${row.seconds.toFixed(1)} s`,
    );
    for (const one of wrong) console.log(`  ${one}`);
  }
} finally {
  await exam.down();
}

const fresh = rows.map(rowOf);
console.log(`\n${recipesTable(fresh)}`);
if (values.write) {
  const page = join(import.meta.dirname, '../docs/exam-recipes.md');
  const old = existsSync(page) ? rowsIn(readFileSync(page, 'utf8')) : [];
  const head = '# Recipes on trial\n\n<!-- Written by `npm run exam -- --recipes --write`. -->';
  writeFileSync(page, `${head}\n\n${recipesTable(merged(old, fresh))}\n`);
}
process.exit(rows.every((row) => complaints(row).length === 0) ? 0 : 1);
