import { cpus, release, totalmem } from 'node:os';
import { joined } from '../test/reference/markdown.ts';
import { megabytes } from './figures.ts';
import type { Part, Row } from './part.ts';

const verdict = ({ aim }: Row): string => (aim ? `${aim.words}: ${aim.met ? 'yes' : 'NO'}` : '');

/** For a terminal. */
export function text(rows: readonly Row[]): string {
  const [first, second] = [widest(rows.map(({ what }) => what)), widest(rows.map(({ got }) => got))];
  return rows
    .map((row) => `  ${row.what.padEnd(first)}  ${row.got.padStart(second)}  ${verdict(row)}`.trimEnd())
    .join('\n');
}

const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map((one) => one.length));

/** For the docs. */
export function markdown(measured: readonly { part: Part; rows: readonly Row[] }[]): string {
  const machine = `${cpus().length} processors, ${megabytes(totalmem())} of memory, Linux ${release()}, Node ${process.versions.node}`;
  const parts = measured.flatMap(({ part, rows }) => [
    `## ${part.title}`,
    part.how,
    `| what | measured | aim |\n| --- | --- | --- |\n${rows.map((row) => `| ${row.what} | ${row.got} | ${verdict(row)} |`).join('\n')}`,
  ]);
  return joined([
    '# Measured',
    `\`npm run bench -- --write\` measures, and writes this page. ${machine}. Medians; trust the ratios, whose two sides were measured in turn in one run, more than the times.`,
    ...parts,
  ]);
}
