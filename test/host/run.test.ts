import { describe, expect, test, vi } from 'vitest';
import { detachProgram, pathFor, runProgram, startProgram } from '../../src/host/run.ts';

const node = (script: string): readonly [string, ...string[]] => [process.execPath, '-e', script];

describe('a program that is run', () => {
  test('its output, its complaints, its exit code, and how to run it again', async () => {
    const argv = node('console.log("out"); console.error("err"); process.exitCode = 3');
    expect(await runProgram({ argv })).toEqual({
      known: true,
      value: { stdout: 'out\n', stderr: 'err\n', code: 3 },
      source: argv,
    });
  });

  test('is given its input, and an empty one otherwise', async () => {
    const argv = node('process.stdin.pipe(process.stdout)');
    expect(await runProgram({ argv }, { input: 'links\n' })).toMatchObject({ value: { stdout: 'links\n' } });
    expect(await runProgram({ argv })).toMatchObject({ value: { stdout: '' } });
  });

  test('speaks English, whatever the terminal speaks, and finds the programs of root', async () => {
    const argv = node(
      'console.log(process.env.LC_ALL, process.env.PATH.includes("/usr/sbin"), process.env.OWN)',
    );
    expect(await runProgram({ argv }, { env: { OWN: 'word' } })).toMatchObject({
      value: { stdout: 'C true word\n' },
    });
  });

  test('no word of it is a shell’s', async () => {
    const argv = ['printf', '%s', '$HOME; echo `id` > /dev/null'] as const;
    expect(await runProgram({ argv })).toMatchObject({ value: { stdout: '$HOME; echo `id` > /dev/null' } });
  });

  test('that is not there, may not be run, or takes too long', async () => {
    expect(await runProgram({ argv: ['no-such-program-at-all'] })).toMatchObject({
      known: false,
      because: 'no-such-tool',
      detail: 'no-such-program-at-all is not installed',
    });
    expect(await runProgram({ argv: [import.meta.filename] })).toMatchObject({
      known: false,
      because: 'no-permission',
    });
    expect(await runProgram({ argv: ['sleep', '5'] }, { timeout: 50 })).toMatchObject({
      known: false,
      because: 'timeout',
      detail: 'sleep did not answer in time',
    });
  });

  test('that a signal has ended is not known, and no crash', async () => {
    expect(await runProgram({ argv: node('process.kill(process.pid, "SIGKILL")') })).toMatchObject({
      known: false,
      because: 'unreadable',
    });
  });
});

describe('a program that runs beside', () => {
  test('its lines arrive one by one, from both ends', async () => {
    const lines: string[] = [];
    const running = startProgram(
      { argv: node('console.log("one"); console.log("two"); console.error("three")') },
      (line, from) => lines.push(`${from} ${line}`),
    );
    expect(await running.ended).toBe(0);
    expect(lines.filter((line) => line.startsWith('stdout'))).toEqual(['stdout one', 'stdout two']);
    expect(lines).toContain('stderr three');
  });

  test('is written to, and stopped', async () => {
    const lines: string[] = [];
    const running = startProgram({ argv: ['cat'] }, (line) => lines.push(line));
    running.write('add table\n');
    await vi.waitFor(() => expect(lines).toEqual(['add table']), { timeout: 5000 });
    await running.stop();
    await expect(running.ended).resolves.not.toBe(0);
    // Nothing happens any more, and nothing throws.
    running.write('late\n');
  });

  test('that is not there ends without an exit code', async () => {
    expect(await startProgram({ argv: ['no-such-program-at-all'] }, () => {}).ended).toBeNull();
  });
});

test('a program of its own session: its process, or why there is none', async () => {
  const started = detachProgram({ argv: ['sleep', '0.2'] });
  expect(started).toMatchObject({ known: true, source: ['sleep', '0.2'] });
  expect(detachProgram({ argv: ['no-such-program-at-all'] })).toMatchObject({
    known: false,
    because: 'no-such-tool',
  });
});

describe('where programs are looked for', () => {
  test.each([undefined, '', ':', '.:bin', ':/usr/bin:'])('%j: whole paths only', (path) => {
    for (const root of [true, false])
      for (const part of pathFor(path, root).split(':')) expect(part).toMatch(/^\//);
    expect(pathFor(path, false).split(':')).toContain('/usr/sbin');
  });

  test('root looks in no folder that others can write', () => {
    expect(pathFor('/tmp:/usr/bin', true).split(':')).not.toContain('/tmp');
    expect(pathFor('/tmp:/usr/bin', false).split(':')[0]).toBe('/tmp');
  });
});
