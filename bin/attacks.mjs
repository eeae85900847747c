#!/usr/bin/env node
// npm run exam:attacks [-- --diagnoses N]: floods beside N diagnoses each (20).
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { diagnoses: { type: 'string', default: '20' } } });
const { status } = spawnSync('npx', ['vitest', 'run', '--project', 'attacks'], {
  stdio: 'inherit',
  env: { ...process.env, NETDOCTOR_ATTACKS: '1', NETDOCTOR_DIAGNOSES: values.diagnoses },
});
process.exit(status ?? 1);
