/** A question put to the engine, whose events the conversation hears as they come. */
import type { Problem } from '../../model/failure.ts';
import type { Question } from '../../model/question.ts';
import { problemOf, STOPPED, STUCK, UNFINISHED } from '../problems.ts';
import { begun, type Desk, type Work } from './work.ts';

/** Milliseconds that a stopped run may take to take back what it armed. */
const PATIENCE = 3000;

export function diagnosing(desk: Desk, question: Question): Work {
  const abort = new AbortController();
  const finish = begun(desk);
  let isOver = false;
  const end = (problem: Problem | null): void => {
    isOver = true;
    finish({ type: 'run-ended', problem });
  };
  const heard = hear(desk, question, abort.signal, () => isOver);
  const stuck = aborted(abort.signal).then(() => pause(PATIENCE));
  return {
    stop: () => abort.abort(),
    ended: Promise.race([heard.then(end), stuck.then(() => end(STUCK))]),
  };
}

/** Resolves when the engine has ended: with what is wrong with its end, or null. */
async function hear(
  { around, state, send }: Desk,
  question: Question,
  signal: AbortSignal,
  isOver: () => boolean,
): Promise<Problem | null> {
  try {
    for await (const event of around.diagnose(question, signal)) {
      if (!isOver()) send({ type: 'event', event });
    }
    const told = state().run?.diagnosis !== null;
    return told ? null : signal.aborted ? STOPPED : UNFINISHED;
  } catch (error) {
    return signal.aborted ? STOPPED : problemOf(error);
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
