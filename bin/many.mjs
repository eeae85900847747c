#!/usr/bin/env node
// Measures `netdoctor map` with many containers: node bin/many.mjs 10 100 1000
import { start } from './test-program.mjs';

await start('test/lab/many.ts');
