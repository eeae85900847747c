// Writes docs/exam-links.md: each kind of link on each kernel, from what guests have left:
//   npm run exam:kernels -- --keep FOLDER /link-     plays them, and
//   npm run exam:links -- FOLDER                    tells the table
//   npm run exam:links -- FOLDER --write            and keeps it
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isOfLink, type LinksOn, linkPage } from './exam/link-table.ts';
import { kernels } from './kernels/kernels.ts';
import { leftIn } from './kernels/left.ts';
import { readScenarios } from './lab/scenario-file.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false } },
});
const [folder] = positionals;
if (folder === undefined || !existsSync(folder))
  throw new Error('Which folder? It is that of `npm run exam:kernels -- --keep FOLDER /link-`.');

const scenarios = readScenarios().filter(isOfLink);
const asked: LinksOn[] = kernels
  .filter(({ name }) => existsSync(join(folder, name, 'rows')))
  .map(({ name }) => {
    const { rows, release } = leftIn(join(folder, name), scenarios);
    return { kernel: name, release, rows };
  });
const page = linkPage(asked, scenarios);
console.log(page);
if (values.write) writeFileSync(join(import.meta.dirname, '../docs/exam-links.md'), page);
