#!/usr/bin/env node
// Measures netdoctor in labs of its own: npm run bench [-- --write] [-- PARTS …]
import { start } from './test-program.mjs';

await start('bench/run.ts');
