// However a run ends, it leaves nothing behind.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { program } from '../lab/lab-network.ts';
import { Leftovers } from './leftovers.ts';
import { begin, patient, silence } from './running.ts';

/** Of each sort; there are four. */
const MOMENTS = process.env.NETDOCTOR_LONG ? 50 : 10;

/** Milliseconds in which a netdoctor starts, and begins the process that listens. */
const BEGINNING = 200;

let lab: Lab;
let leftovers: Leftovers;
beforeAll(async () => {
  lab = await Lab.up();
  await lab.step(silence);
  leftovers = new Leftovers(lab);
});
afterAll(() => lab.down());

/**
 * Perf events are descriptors, and go with the process that holds them; an instance is removed by whichever of the two
 * processes lives longer. Neither waits for the next start.
 */
const TRACINGS = ['perf', 'tracefs'] as const;
type Tracing = (typeof TRACINGS)[number];
const questionBy = (tracing: Tracing) => ['--to', '198.51.100.1', '--tracing', tracing];

/** Milliseconds of a run that finds forwarding off. */
async function usualTime(question: readonly string[]): Promise<number> {
  await lab.step({ in: 'host', sh: 'sysctl -qw net.ipv4.ip_forward=0' });
  const began = performance.now();
  expect(await begin(lab, question).ended).toMatchObject({ exitCode: 1 });
  return performance.now() - began;
}

/** The child of a run that holds captures and tracepoints, while there is one. */
function witnessOf(pid: number): number | undefined {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ');
    return children
      .filter((child) => child !== '')
      .map(Number)
      .find((child) => readFileSync(`/proc/${child}/cmdline`, 'latin1').includes('capture-child'));
  } catch {
    return undefined;
  }
}

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
    // The trace is the same process's, and has no name anywhere.
    expect(armed).not.toMatch(/tracing instance/);
    run.kill(signal);
    expect(await run.ended).toMatchObject({ exitCode: code, stderr: '' });
    await nothingIsLeft();
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('is ended by %s in its first moments leaves nothing', async (signal, code) => {
    for (let after = 0; after < BEGINNING; after += BEGINNING / MOMENTS) {
      const run = begin(lab, patient);
      leftovers.started(run.pid);
      await sleep(after);
      run.kill(signal);
      const ended = await run.ended;
      // Before its first line runs, the signal itself ends it: whoever waits for it makes the same number of that.
      expect([ended.signal === signal ? code : ended.exitCode, ended.stderr]).toEqual([code, '']);
      await nothingIsLeft();
    }
  });

  test.each([
    ['netns:nowhere', 2, 'unknown-target'],
    ['web --count 0', 2, 'bad-value'],
  ])('asks %s, which cannot be asked, leaves nothing', async (word, code, problem) => {
    const { exitCode, said } = await lab.step({
      in: 'host',
      sh: `${program} diagnose ${word} --json`,
    });
    expect([exitCode, said]).toEqual([code, expect.stringContaining(problem)]);
    await nothingIsLeft();
  });

  test('has a process that never listens keeps its time, and leaves nothing', async () => {
    // As one that stands still in its first moment.
    const still = `if (process.argv[1].endsWith("capture-child.cjs")) process.kill(process.pid, "SIGSTOP")`;
    const { exitCode, said } = await lab.step({
      in: 'host',
      sh: `NODE_OPTIONS='--import=data:text/javascript,${encodeURIComponent(still)}' timeout 20 ${program} diagnose netns:${lab.names.A} --to 198.51.100.1 --timeout 3 --json`,
    });
    expect([exitCode, said]).toEqual([3, expect.stringContaining('"timeout"')]);
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

  test.each(TRACINGS)('is killed at any moment leaves nothing, traced by %s', async (tracing) => {
    const question = questionBy(tracing);
    const usual = await usualTime(question);
    const moments: number[] = [];
    for (let moment = 0; moment < MOMENTS; moment++) {
      // One in each part of a run, at random.
      const after = (usual * (moment + Math.random())) / MOMENTS;
      const run = begin(lab, question);
      leftovers.started(run.pid);
      await sleep(after);
      run.kill('SIGKILL');
      const { signal } = await run.ended;
      if (signal === 'SIGKILL') moments.push(Math.round(after));
      await nothingIsLeft().catch(async (error: Error) => {
        throw new Error(
          `killed after ${Math.round(after)} ms: ${error.message} ${JSON.stringify(await leftovers.find())}`,
        );
      });
    }
    // The last may come to their end first.
    expect(moments.length).toBeGreaterThanOrEqual(MOMENTS / 2);
  });

  test.each(TRACINGS)(
    'loses the process that holds what is armed says so, and leaves nothing, traced by %s',
    async (tracing) => {
      const question = questionBy(tracing);
      const usual = await usualTime(question);
      let killed = 0;
      for (let moment = 0; moment < MOMENTS; moment++) {
        const run = begin(lab, question);
        leftovers.started(run.pid);
        await sleep((usual * (moment + Math.random())) / MOMENTS);
        const witness = witnessOf(run.pid);
        if (witness !== undefined) {
          process.kill(witness, 'SIGKILL');
          killed++;
        }
        const { exitCode, stdout } = await run.ended;
        const said = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as {
          status: string;
          cause: string | null;
        };
        // Known already, or not to be known any more: never another cause, and never healthy.
        expect([exitCode, said.status, said.cause]).toEqual(
          exitCode === 1 ? [1, 'fault', 'ip-forward-off'] : [3, 'undecided', null],
        );
        await nothingIsLeft();
      }
      // It stands in the middle of a run alone.
      expect(killed).toBeGreaterThanOrEqual(MOMENTS / 5);
    },
  );

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
