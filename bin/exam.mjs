#!/usr/bin/env node
// Plays the scenarios of test/ and prints a table: npm run exam [-- [--repair] NAMES …]
import { start } from './test-program.mjs';

await start(process.argv.includes('--repair') ? 'test/exam-repair.ts' : 'test/exam.ts');
