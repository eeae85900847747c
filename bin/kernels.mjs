#!/usr/bin/env node
// Plays scenarios on other kernels: npm run exam:kernels [-- --kernel 6.1 NAMES …]
import { start } from './test-program.mjs';

await start('test/exam-kernels.ts');
