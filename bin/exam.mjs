#!/usr/bin/env node
// Plays the scenarios of test/ and prints a table: npm run exam [-- [--repair | --recipes | --without | --engines | --again N | --watch] NAMES …]
import { start } from './test-program.mjs';

const program = ['repair', 'recipes', 'without', 'engines', 'again', 'watch'].find((name) =>
  process.argv.some((word) => word === `--${name}` || word.startsWith(`--${name}=`)),
);
await start(program ? `test/exam-${program}.ts` : 'test/exam.ts');
