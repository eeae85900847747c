#!/usr/bin/env node
// Records real diagnoses for the tests: npm run record [-- NAMES …]
import { start } from './test-program.mjs';

await start('test/recordings/record.ts');
