import { describe, expect, test } from 'vitest';
import { bounded, GIVEN_UP } from '../../src/host/bounded.ts';
import { realClock } from '../../src/host/clock.ts';
import type { Machine, SocketEvent } from '../../src/host/machine.ts';
import { runProgram } from '../../src/host/run.ts';
import { known } from '../../src/model/answer.ts';

const command = (...argv: [string, ...string[]]) => ({ argv });
const socket = {
  localPort: 1,
  localAddress: null,
  send: () => null,
  write: () => null,
  only() {},
  lost: () => 0,
  look() {},
};

function machine() {
  let closed = 0;
  let hear: (event: SocketEvent) => void = () => {};
  const real = {
    run: runProgram,
    request: async () => known({ status: 200, body: null }, []),
    open: (_: unknown, onEvent: (event: SocketEvent) => void) => {
      hear = onEvent;
      return known({ ...socket, close: () => void closed++ }, []);
    },
    ...realClock,
  } as unknown as Machine;
  return { real, hear: (event: SocketEvent) => hear(event), closed: () => closed };
}

const spec = { kind: 'udp', family: 4, netns: null, destination: '192.0.2.1', port: 53 } as const;

describe('when the time is up', () => {
  test('a program that is still running is ended, and is not known', async () => {
    const up = new AbortController();
    const began = performance.now();
    setTimeout(() => up.abort(), 50);
    const answer = await bounded(machine().real, up.signal).run(command('sleep', '30'), { timeout: 20_000 });
    expect(answer).toMatchObject({ known: false, because: 'timeout' });
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  test('one that does not listen to SIGTERM is killed', async () => {
    const up = new AbortController();
    setTimeout(() => up.abort(), 300);
    const deaf = 'process.on("SIGTERM", () => {}); setTimeout(() => {}, 30000)';
    const asking = bounded(machine().real, up.signal).run(command(process.execPath, '-e', deaf), {
      timeout: 25_000,
    });
    expect(await asking).toMatchObject({ known: false, because: 'timeout' });
  });

  test('nothing new is asked', async () => {
    const late = bounded(machine().real, AbortSignal.abort());
    expect(await late.run(command('true'))).toMatchObject({ because: 'timeout' });
    expect(await late.request('/s', '/')).toMatchObject({ because: 'timeout' });
    expect(late.open(spec, () => {})).toMatchObject({ because: 'timeout' });
  });

  test('whoever waits at a socket is told that nobody waits any longer', () => {
    const up = new AbortController();
    const { real, closed } = machine();
    const told: string[] = [];
    const opened = bounded(real, up.signal).open(spec, (event) =>
      told.push(event.type === 'error' ? event.errno : event.type),
    );
    up.abort();
    expect(told).toEqual([GIVEN_UP]);
    if (opened.known) opened.value.close();
    expect(closed()).toBe(1);
  });
});

test('a program may take as long as is told, where its caller says nothing else', async () => {
  const { real } = machine();
  const limits: (number | undefined)[] = [];
  const noting: Machine = {
    ...real,
    run: async (_, options) => {
      limits.push(options?.timeout);
      return known({ stdout: '', stderr: '', code: 0 }, []);
    },
  };
  const asked = bounded(noting, new AbortController().signal, 20_000);
  await asked.run(command('true'));
  await asked.run(command('true'), { timeout: 300 });
  expect(limits).toEqual([20_000, 300]);
});

test('until then all is as without it', async () => {
  const open = new AbortController();
  expect(await bounded(machine().real, open.signal).run(command('echo', 'yes'))).toMatchObject({
    value: { stdout: 'yes\n', code: 0 },
  });
});
