#!/usr/bin/env node
// Installs every form of a release where there is nothing, and shows it at work:
//   npm run release:check [-- WORDS of the forms] [-- --write the table of docs/install.md]
//   npm run release:check -- twice   makes everything again, and compares
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { arm64 } from './release/check/arm64.mjs';
import { besideDocker, given, tries } from './release/check/forms.mjs';
import { tryOut } from './release/check/try.mjs';
import { differing } from './release/check/twice.mjs';
import { out, root } from './release/places.mjs';
import { CannotHave, fail } from './set-up/say.mjs';

const words = process.argv.slice(2).filter((word) => word !== '--write');
const write = process.argv.includes('--write');

/** A line of the table. */
const cellsOf = ({ form, machine, node, wrong }) => [
  form,
  machine,
  node,
  wrong.length === 0 ? '✓' : wrong.join('; '),
];

try {
  if (!existsSync(join(out, 'SHA256SUMS')))
    throw new CannotHave('There is no release to check.', 'release/SHA256SUMS is not there.', [
      'npm run release',
    ]);
  const sums = spawnSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: out, encoding: 'utf8' });
  if (sums.status !== 0) throw new CannotHave('The release is not what was made.', sums.stdout + sums.stderr);
  const shown = given();
  const wanted = [...tries, ...besideDocker].filter(({ form, release }) =>
    words.every((word) => `${form} ${release.suite} ${release.name}`.includes(word)),
  );
  const rows = [];
  const tell = (result) => {
    rows.push(result);
    process.stderr.write(`| ${cellsOf(result).join(' | ')} |\n`);
  };
  for (const one of wanted) tell({ form: one.form, machine: one.release.name, ...tryOut(one, shown) });
  if (words.length === 0) tell(arm64());
  if (words.includes('twice')) tell({ form: 'made twice', machine: '', node: '', wrong: differing() });
  if (write) writeTable(rows);
  if (rows.some(({ wrong }) => wrong.length > 0)) process.exitCode = 1;
} catch (error) {
  fail(error);
}

/** Between the two marks of the page. */
function writeTable(rows) {
  const page = join(root, 'docs/install.md');
  const text = readFileSync(page, 'utf8');
  const cells = rows.map((result) =>
    cellsOf({ ...result, form: result.form.replace(/\d+\.\d+\.\d+/, 'VERSION') }),
  );
  const head = ['form', 'on', 'Node', 'runs'];
  const widths = head.map((name, at) => Math.max(name.length, ...cells.map((one) => one[at].length)));
  const line = (one) => `| ${one.map((cell, at) => cell.padEnd(widths[at])).join(' | ')} |`;
  const table = [line(head), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n');
  writeFileSync(
    page,
    text.replace(/(release:check -- --write -->\n).*(<!-- end -->)/s, `$1\n${table}\n\n$2`),
  );
}
