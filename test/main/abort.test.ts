import { EventEmitter } from 'node:events';
import { describe, expect, it, test } from 'vitest';
import { untilAborted } from '../../src/main/abort.ts';
import { Interruption, interruptions } from '../../src/main/interruption.ts';

/** A source that arms, tells numbers for ever, and takes back what it armed when it is told to stop. */
function source(signal?: AbortSignal) {
  const state = { armed: false, takenBack: false };
  async function* numbers(): AsyncGenerator<number> {
    state.armed = true;
    try {
      for (let n = 0; !signal?.aborted; n++) {
        yield n;
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    } finally {
      await new Promise((resolve) => setTimeout(resolve, 20));
      state.takenBack = true;
    }
  }
  return { state, numbers };
}

describe('until aborted', () => {
  it('passes everything on, and ends with its source', async () => {
    const { signal } = new AbortController();
    const seen: number[] = [];
    const three = (async function* () {
      yield* [1, 2, 3];
    })();
    for await (const item of untilAborted(three, signal)) seen.push(item);
    expect(seen).toEqual([1, 2, 3]);
  });

  it('throws the reason after the source has taken back what it armed', async () => {
    const controller = new AbortController();
    const { state, numbers } = source(controller.signal);
    const reading = (async () => {
      for await (const n of untilAborted(numbers(), controller.signal))
        if (n === 3) controller.abort(new Error('stop'));
    })();
    await expect(reading).rejects.toThrow('stop');
    expect(state).toEqual({ armed: true, takenBack: true });
  });

  it('a source that waits for something else is ended too', async () => {
    const controller = new AbortController();
    let takenBack = false;
    const waits = (async function* (): AsyncGenerator<number> {
      try {
        await new Promise((resolve) => controller.signal.addEventListener('abort', resolve));
        throw new Error('aborted inside');
      } finally {
        takenBack = true;
      }
    })();
    setTimeout(() => controller.abort(new Error('stop')), 10);
    const reading = (async () => {
      for await (const _ of untilAborted(waits, controller.signal)) expect.unreachable();
    })();
    await expect(reading).rejects.toThrow('stop');
    expect(takenBack).toBe(true);
  });

  it('leaving the loop ends the source', async () => {
    const { state, numbers } = source();
    for await (const n of untilAborted(numbers(), new AbortController().signal)) if (n === 2) break;
    expect(state.takenBack).toBe(true);
  });

  it('the source’s own failure is the caller’s', async () => {
    const broken = (async function* (): AsyncGenerator<number> {
      yield 1;
      throw new Error('no');
    })();
    const reading = (async () => {
      for await (const _ of untilAborted(broken, new AbortController().signal));
    })();
    await expect(reading).rejects.toThrow('no');
  });
});

describe('interruptions', () => {
  const fakeProcess = () => {
    const exits: number[] = [];
    const process = Object.assign(new EventEmitter(), {
      stdout: new EventEmitter(),
      stderr: new EventEmitter(),
      exit: (code: number) => exits.push(code),
    });
    return { process: process as unknown as NodeJS.Process, exits, emitter: process };
  };

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])('%s ends with %i, once', (name, code) => {
    const { process, emitter, exits } = fakeProcess();
    const { signal, stop } = interruptions(process);
    emitter.emit(name);
    emitter.emit('SIGTERM');
    expect(signal.reason).toBeInstanceOf(Interruption);
    expect(signal.reason.exitCode).toBe(code);
    expect(exits).toEqual([]);
    stop();
    expect(emitter.listenerCount('SIGINT')).toBe(0);
  });

  it('a crash is told, and ends with 3, which is no verdict', () => {
    const { process, emitter } = fakeProcess();
    const told: unknown[] = [];
    const { signal, stop } = interruptions(process, (error) => told.push(error));
    const boom = new Error('boom');
    emitter.emit('uncaughtException', boom);
    expect(told).toEqual([boom]);
    expect(signal.reason).toMatchObject({ exitCode: 3, counts: true });
    stop();
    expect(emitter.listenerCount('uncaughtException')).toBe(0);
  });

  it('a closed pipe ends it quietly', () => {
    const { process, emitter } = fakeProcess();
    const { signal } = interruptions(process);
    emitter.stdout.emit('error', Object.assign(new Error('gone'), { code: 'EPIPE' }));
    expect(signal.reason).toMatchObject({ exitCode: 129, counts: false });
  });

  it('output that cannot be written ends it, and is told once', () => {
    const { process, emitter } = fakeProcess();
    const told: string[] = [];
    const { signal } = interruptions(process, undefined, (code) => told.push(code));
    const full = Object.assign(new Error('full'), { code: 'ENOSPC' });
    emitter.stdout.emit('error', full);
    emitter.stdout.emit('error', full);
    expect(told).toEqual(['ENOSPC']);
    expect(signal.reason).toMatchObject({ exitCode: 3, counts: true });
  });
});
