#!/usr/bin/env node
// Compares the model of a resolver with the C libraries, in namespaces of its own: npm run agreement [-- --quick]
import { spawnSync } from 'node:child_process';
import { start } from './test-program.mjs';

if (process.env.NETDOCTOR_ENCLOSED) await start('test/agreement/agreement.ts');
else {
  const { status } = spawnSync(
    'unshare',
    ['--net', '--mount', process.execPath, import.meta.filename, ...process.argv.slice(2)],
    { stdio: 'inherit', env: { ...process.env, NETDOCTOR_ENCLOSED: '1' } },
  );
  process.exit(status ?? 1);
}
