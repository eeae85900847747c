#!/usr/bin/env node
// Measures netdoctor in labs of its own: npm run bench [-- --write] [-- PARTS …]
import { start } from './test-program.mjs';

// As the launcher does: React's development build keeps a record of every update.
process.env.NODE_ENV = 'production';
await start('bench/run.ts');
