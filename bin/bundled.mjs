#!/usr/bin/env node
// Builds a TypeScript program of test/ into one file, for a guest in which that would take minutes: node bin/bundled.mjs test/exam.ts FILE
import { bundle } from './test-program.mjs';

const [source, file] = process.argv.slice(2);
await bundle(source, file);
