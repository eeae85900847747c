/** Carries out a repair for a session: shows it, asks, follows the question that is asked again. */
import type { Diagnosis } from '../model/diagnosis.ts';
import type { Question } from '../model/question.ts';
import { repairLines } from './picture/repair.ts';
import type { Input, State } from './state.ts';
import type { Surroundings } from './surroundings.ts';

export interface MendRequest {
  readonly fix: string;
  readonly persist: boolean;
  readonly first: Diagnosis;
  readonly question: Question;
  readonly around: Surroundings;
  readonly signal: AbortSignal;
  state(): State;
  send(input: Input): void;
  /** Resolves with what the person typed; empty when they went away from the question. */
  answer(label: string): Promise<string>;
}

/** Resolves when the fix is made and proved, or taken back. @throws Failure */
export async function mend(request: MendRequest): Promise<void> {
  const { fix, persist, first, question, around, signal, state, send } = request;
  const ask = async (): Promise<Diagnosis> => {
    send({ type: 'asking-again' });
    let last: Diagnosis | null = null;
    for await (const event of around.diagnose(question, signal)) {
      if (event.type === 'diagnosis') last = event.diagnosis;
      send({ type: 'event', event });
    }
    if (last === null) throw new Error('the question asked again had no answer');
    send({ type: 'asked-again' });
    return last;
  };
  await around.repair(first, {
    ask,
    signal,
    persist,
    only: fix,
    // The person has read it and says yes: that is what `--fix=disruptive` asks for.
    allowed: 'disruptive',
    dryRun: false,
    rollbackAfter: null,
    startRollback: () => {},
    tell: (event) => {
      const { size, glyphs } = state();
      send({ type: 'told', lines: repairLines(event, size.columns - 1, glyphs) });
    },
    agree: async () => /^y(es)?$/i.test((await request.answer('Make this change? [y/N] ')).trim()),
  });
}
