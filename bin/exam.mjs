#!/usr/bin/env node
// Plays the scenarios of test/ and prints a table: npm run exam [-- [--repair | --recipes | --without] NAMES …]
import { start } from './test-program.mjs';

const program = ['repair', 'recipes', 'without'].find((name) => process.argv.includes(`--${name}`));
await start(program ? `test/exam-${program}.ts` : 'test/exam.ts');
