import { afterEach, expect, it } from 'vitest';
import { runAttached } from '../../src/host/attached.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const before = SIGNALS.map((signal) => process.listenerCount(signal));

afterEach(() => {
  expect(
    SIGNALS.map((signal) => process.listenerCount(signal)),
    'no handler is left',
  ).toEqual(before);
});

const node = (script: string) => [process.execPath, '-e', script] as const;

it('hands back the exit code', async () => {
  expect(await runAttached(node('process.exit(7)'), {})).toBe(7);
});

it('says 128 and the number for a signal', async () => {
  expect(await runAttached(node('process.kill(process.pid, "SIGTERM")'), {})).toBe(143);
});

it('says that a program could not be started', async () => {
  expect(await runAttached(['/nowhere/at/all'], {})).toBeNull();
});

it('gives the child its variables and a lifeline that ends with the parent', async () => {
  const script = `
    const line = new (require('net').Socket)({ fd: 3 });
    line.on('close', () => process.exit(9));
    line.resume();
    if (process.env.WORD !== 'heard') process.exit(1);
    setTimeout(() => process.exit(5), 200);`;
  expect(await runAttached(node(script), { WORD: 'heard' }), 'open while the parent lives').toBe(5);
});
