import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Deadline } from '../../src/engine/deadline.ts';
import { realClock } from '../../src/host/clock.ts';
import type { Question } from '../../src/model/question.ts';

const question = (about: Partial<Question> = {}) =>
  ({ timeout: 0.1, from: 'container', ...about }) as Question;
const never = new AbortController().signal;

test('what was done in time is handed on', async () => {
  const deadline = new Deadline(realClock, question({ timeout: 60 }), never);
  expect(await deadline.before('it was done', Promise.resolve(7))).toBe(7);
  await expect(deadline.before('it was done', Promise.reject(new Error('else')))).rejects.toThrow('else');
  deadline.stop();
});

test('what was not is said, with the way to give it more', async () => {
  const deadline = new Deadline(realClock, question(), never);
  const work = sleep(200);
  await expect(deadline.before('the target was found', work)).rejects.toMatchObject({
    problem: {
      exit: 3,
      code: 'timeout',
      message: 'The time was up (0.1 s) before the target was found.',
      hint: 'Give it more: --timeout 1',
    },
  });
  expect(deadline.signal.aborted).toBe(true);
});

test('work that hears of nothing is not waited for', async () => {
  const deadline = new Deadline(realClock, question(), never);
  const endless = new Promise<never>(() => {});
  await expect(deadline.before('it was done', endless)).rejects.toMatchObject({
    problem: { code: 'timeout' },
  });
});

test('judging has its part of the time, and somebody outside more of it', () => {
  const deadline = new Deadline(realClock, question({ timeout: 10 }), never);
  expect(deadline.probing).toBe(8000);
  deadline.stop();
});

test.each([
  [10, 5000, 1500],
  [40, 20_000, 6000],
  [2, 5000, 1500],
])('of %d seconds a program may take %d ms and the tables of rules %d ms', (timeout, program, arming) => {
  const deadline = new Deadline(realClock, question({ timeout }), never);
  expect(deadline).toMatchObject({ program, arming });
  deadline.stop();
});

test('what went by before it was asked is part of its time', async () => {
  const deadline = new Deadline(realClock, question({ timeout: 10 }), never, 4000);
  expect([deadline.total, deadline.probing]).toEqual([6000, 4800]);
  deadline.stop();
  const late = new Deadline(realClock, question({ timeout: 1 }), never, 4000);
  await expect(late.before('the target was found', sleep(50))).rejects.toMatchObject({
    problem: { code: 'timeout' },
  });
});

test('a run that is told to end ends all its questions too, and keeps its reason', async () => {
  const told = new AbortController();
  const deadline = new Deadline(realClock, question({ timeout: 60 }), told.signal);
  told.abort(new Error('SIGINT'));
  expect(deadline.signal.aborted).toBe(true);
  expect(await deadline.before('it was done', Promise.resolve(1))).toBe(1);
  deadline.stop();
});
