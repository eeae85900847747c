/** A fix, from the question whether to make it to the verdict on it. */
import type { Diagnosis } from '../../model/diagnosis.ts';
import type { Question } from '../../model/question.ts';
import type { FixWish } from '../command.ts';
import { mend } from '../mend.ts';
import { problemOf } from '../problems.ts';
import type { Input } from '../state.ts';
import { begun, type Desk, type Work } from './work.ts';

export interface Repairing extends Work {
  /** Takes what was typed into the field, where something was asked. */
  answer(text: string): void;
}

export function repairing(
  desk: Desk,
  wish: FixWish,
  { first, question }: { readonly first: Diagnosis; readonly question: Question },
): Repairing {
  const abort = new AbortController();
  const end = begun(desk);
  let waits: ((text: string) => void) | null = null;
  const answerTo = (label: string): Promise<string> =>
    new Promise((resolve) => {
      waits = (text) => {
        waits = null;
        resolve(text);
      };
      desk.send({ type: 'field', label });
    });
  return {
    answer: (text) => waits?.(text),
    // What is made and not yet judged is taken back; that is waited for.
    stop() {
      abort.abort();
      if (desk.state().field !== null) desk.send({ type: 'answer', text: '' });
    },
    ended: mend({ ...wish, ...desk, first, question, signal: abort.signal, answer: answerTo })
      .then(
        (): Input => ({ type: 'outcome', line: '', outcome: { type: 'say', lines: [] } }),
        (error: unknown): Input => ({ type: 'failed', line: '', problem: problemOf(error) }),
      )
      .then(end),
  };
}
