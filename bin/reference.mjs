#!/usr/bin/env node
// Writes the reference pages of docs/ from the source: npm run reference
import { start } from './test-program.mjs';

await start('test/reference/write.ts');
