import { spawn } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import {
  coolCapture,
  guardInstance,
  releaseInstance,
  warmCapture,
} from '../../../src/host/capture/process.ts';

/** A process in the place of the one that the launcher begins: it answers with what `sh` says. */
function begun(sh: string) {
  const child = spawn('bash', ['-c', sh], { stdio: ['pipe', 'pipe', 'ignore'] });
  Object.assign(globalThis, { [Symbol.for('netdoctor.listener')]: () => child });
  warmCapture();
  onTestFinished(coolCapture);
  return child;
}

const NAMES = Array.from({ length: 12 }, (_, at) => `netdoctor-1-1-${at}`);

test('whoever waits for its guard hears when it is there, each by its name', async () => {
  begun('exec sed --unbuffered s/guard/guarded/');
  const heard: string[] = [];
  await Promise.all(NAMES.map((name) => guardInstance(name).then(() => heard.push(name))));
  expect(heard).toEqual(NAMES);
  for (const name of NAMES) releaseInstance(name);
});

test('nobody waits for one that has ended, and none but the first listens for that end', async () => {
  const child = begun('read -r line; read -r line; exec sleep 600');
  const first = guardInstance('netdoctor-1-2-0');
  const ends = (): number => child.listenerCount('exit') + child.listenerCount('close');
  const before = ends();
  const others = NAMES.map(guardInstance);
  expect(ends()).toBe(before);
  child.kill('SIGKILL');
  await Promise.all([first, ...others]);
  for (const name of ['netdoctor-1-2-0', ...NAMES]) releaseInstance(name);
});
