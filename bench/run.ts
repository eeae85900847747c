// Measures netdoctor in labs of its own, and prints a table:
//   npm run bench                      everything
//   npm run bench -- by-hand memory    the parts with such words in their names
//   npm run bench -- --rounds 20       how often each thing is done (10)
//   npm run bench -- --write           and keeps the tables in docs/bench.md
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Part, Row } from './part.ts';
import busyBridge from './parts/busy-bridge.ts';
import byHand from './parts/by-hand.ts';
import capture from './parts/capture.ts';
import drawing from './parts/drawing.ts';
import firstWord from './parts/first-word.ts';
import forwarding from './parts/forwarding.ts';
import longSession from './parts/long-session.ts';
import manyContainers from './parts/many-containers.ts';
import manyRules from './parts/many-rules.ts';
import map from './parts/map.ts';
import memory from './parts/memory.ts';
import repair from './parts/repair.ts';
import { markdown, text } from './table.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '10' },
    write: { type: 'boolean', default: false },
  },
});

const parts: Readonly<Record<string, Part>> = {
  'by-hand': byHand,
  'first-word': firstWord,
  capture,
  drawing,
  memory,
  'long-session': longSession,
  'many-rules': manyRules,
  'many-containers': manyContainers,
  map,
  repair,
  'busy-bridge': busyBridge,
  forwarding,
};
const measured: { part: Part; rows: readonly Row[] }[] = [];
for (const [name, part] of Object.entries(parts)) {
  if (positionals.length > 0 && !positionals.some((word) => name.includes(word))) continue;
  console.log(`\n${part.title}`);
  const rows = await part.measure(Number(values.rounds));
  measured.push({ part, rows });
  console.log(text(rows));
}
if (values.write) writeFileSync(join(import.meta.dirname, '../docs/bench.md'), markdown(measured));
process.exit(measured.every(({ rows }) => rows.every(({ aim }) => aim?.met ?? true)) ? 0 : 1);
