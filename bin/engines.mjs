#!/usr/bin/env node
// Makes the commonest faults on real engines: npm run exam:engines [-- --on podman NAMES …]
import { start } from './test-program.mjs';

await start('test/exam-faults-on-engines.ts');
