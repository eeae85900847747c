#!/usr/bin/env node
// Plays the scenarios of test/ and prints a table: npm run exam [-- NAMES …]
import { start } from './test-program.mjs';

await start('test/exam.ts');
