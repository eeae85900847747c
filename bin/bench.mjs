#!/usr/bin/env node
// Measures netdoctor in labs of its own: npm run bench [-- --write] [-- PARTS …]
import { start } from './test-program.mjs';

// The launcher takes it away from the Node that it starts: what stands beside that is a Node that reads no certificates either.
delete process.env.NODE_EXTRA_CA_CERTS;
// As the launcher does: React's development build keeps a record of every update.
process.env.NODE_ENV = 'production';
await start('bench/run.ts');
