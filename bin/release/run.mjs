import { spawnSync } from 'node:child_process';
import { CannotHave } from '../set-up/say.mjs';

/** Runs a program; answers its standard output. @throws CannotHave with the last lines that it said */
export function run(argv, options = {}) {
  const [program, ...args] = argv;
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
    timeout: 1_200_000,
    ...options,
  });
  if (status === 0) return stdout;
  const said = error ? error.message : `${stdout}\n${stderr}`.trim().split('\n').slice(-8).join('\n        ');
  throw new CannotHave(`${argv.slice(0, 3).join(' ')} … failed.`, said, [
    'npm run setup release',
    'npm run release',
  ]);
}
