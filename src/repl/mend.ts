/** Carries out a repair for a session: shows it, asks, follows the question that is asked again. */

import { again } from '../model/again.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import type { Question } from '../model/question.ts';
import { row } from '../output/line/span.ts';
import { plain } from '../words/text.ts';
import type { FixWish } from './command.ts';
import { repairLines } from './picture/repair.ts';
import type { Input, State } from './state.ts';
import type { Surroundings } from './surroundings.ts';

export interface MendRequest extends FixWish {
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
  const { fix, persist, rollbackAfter, first, question, around, signal, state, send } = request;
  const ask = async (): Promise<Diagnosis> => {
    send({ type: 'asking-again' });
    let last: Diagnosis | null = null;
    for await (const event of around.diagnose(again(question, first), signal)) {
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
    // One fix of perhaps several: the person sees what it did, and goes on or takes it back.
    keepPartial: true,
    // The person has read it and says yes, or types its name.
    allowed: 'dangerous',
    dryRun: false,
    rollbackAfter,
    tell: (event) => {
      const { size, glyphs } = state();
      send({ type: 'told', lines: repairLines(event, size.columns - 1, glyphs) });
    },
    agree: async () => {
      const yes = /^y(es)?$/i.test((await request.answer('Make this change? [y/N] ')).trim());
      if (!yes) send({ type: 'told', lines: [row('Nothing was changed.', 'dim')] });
      return yes;
    },
    typeName: (name) => request.answer(`This is dangerous. Type ${plain(name)} to make it: `),
  });
}
