// However a run ends, it leaves nothing behind.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { program, runNetdoctor } from '../lab/lab-network.ts';
import { Leftovers } from './leftovers.ts';
import { begin, patient, silence } from './running.ts';

const MOMENTS = 10;

let lab: Lab;
let leftovers: Leftovers;
beforeAll(async () => {
  lab = await Lab.up();
  await lab.step(silence);
  leftovers = new Leftovers(lab);
});
afterAll(() => lab.down());

/** A process that was killed is gone a moment later. */
const nothingIsLeft = (): Promise<void> =>
  vi.waitFor(async () => expect(await leftovers.find()).toEqual([]), { timeout: 5000, interval: 100 });

describe.sequential('a run that', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('is ended by %s exits with %i and takes back what it armed', async (signal, code) => {
    const run = begin(lab, patient);
    leftovers.started(run.pid);
    await run.until('waiting');
    const armed = (await leftovers.find()).join('\n');
    expect(armed).toMatch(/process .*capture-child/);
    expect(armed).toMatch(/host: table inet netdoctor_/);
    expect(armed).toMatch(/A: table inet netdoctor_/);
    expect(armed).toMatch(/tracing instance/);
    run.kill(signal);
    expect(await run.ended).toMatchObject({ exitCode: code, stderr: '' });
    await nothingIsLeft();
  });

  test('loses its reader takes back what it armed', async () => {
    const call = `${program} diagnose netns:${lab.names.A} --ndjson ${patient.join(' ')}`;
    const { exitCode, said } = await lab.step({
      in: 'host',
      sh: `${call} | head -1; exit \${PIPESTATUS[0]}`,
    });
    expect(said).toMatch(/^\{"type":"target".*\}\n$/);
    expect(exitCode).toBe(129);
    await nothingIsLeft();
  });

  test('is killed at any moment leaves nothing that the next one does not take away', async () => {
    await lab.step({ in: 'host', sh: 'sysctl -qw net.ipv4.ip_forward=0' });
    const question = ['--to', '198.51.100.1'];
    const whole = begin(lab, question);
    const began = performance.now();
    expect(await whole.ended).toMatchObject({ exitCode: 1 });
    const usual = performance.now() - began;

    const moments: number[] = [];
    for (let moment = 0; moment < MOMENTS; moment++) {
      // One in each tenth of a run, at random.
      const after = (usual * (moment + Math.random())) / MOMENTS;
      const run = begin(lab, question);
      leftovers.started(run.pid);
      await sleep(after);
      run.kill('SIGKILL');
      const { signal } = await run.ended;
      if (signal === 'SIGKILL') moments.push(Math.round(after));
    }
    // The last may come to their end first.
    expect(moments.length).toBeGreaterThanOrEqual(MOMENTS / 2);

    const next = await runNetdoctor(lab, `netns:${lab.names.A}`, question);
    expect(JSON.parse(next.stdout)).toMatchObject({ cause: 'ip-forward-off' });
    await nothingIsLeft().catch((error: Error) => {
      throw new Error(`killed after ${moments.join(', ')} ms: ${error.message}`);
    });
  });

  test.each([300, 600, 900])(
    'plays a demonstration and is killed after %i ms takes its whole network with it',
    async (after) => {
      const child = lab.run('host', [program, 'demo', 'ip-forward-off'], {
        reject: false,
        stdin: 'ignore',
        stdout: 'ignore',
        stderr: 'ignore',
      });
      await sleep(after);
      child.kill('SIGKILL');
      await child;
      // Its namespaces have no name on this machine: they go with the last process in them.
      await nothingIsLeft();
    },
  );
});
