#!/usr/bin/env node
// Tells each kind of link on each kernel, from what guests have left: npm run exam:links -- FOLDER
import { start } from './test-program.mjs';

await start('test/exam-links.ts');
