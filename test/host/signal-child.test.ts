import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { signalChild } from '../../src/host/signal-child.ts';

it('a process that was started is signalled', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  signalChild(child, 'SIGTERM');
  expect(await once(child, 'exit')).toEqual([null, 'SIGTERM']);
});

it('one that could not be started is not: what is sent by its number would go to somebody else', async () => {
  const child = spawn('/nowhere/at/all', { stdio: 'ignore' });
  const sent: string[] = [];
  signalChild({ pid: child.pid, kill: (signal) => sent.push(String(signal)) > 0 }, 'SIGTERM');
  expect(sent).toEqual([]);
  expect(await once(child, 'error')).toMatchObject([{ code: 'ENOENT' }]);
});
