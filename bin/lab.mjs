#!/usr/bin/env node
// Builds the lab's own program and starts it: Node 20 does not read TypeScript by itself.
import { start } from './test-program.mjs';

await start('test/lab/up.ts');
