#!/usr/bin/env node
// Builds a lab to try things in by hand: npm run lab [-- --ipv6]
import { start } from './test-program.mjs';

await start('test/lab/up.ts');
