/** Asking a program for a listing, with a refusal as an answer. */

import type { Output } from '../host/machine.ts';
import { type Answer, mapAnswer, notKnown } from '../model/answer.ts';
import { command } from '../model/netns.ts';
import { plain } from '../words/text.ts';
import type { Argv, Look } from './subject.ts';

/** Runs a program that lists something; another exit code than 0 is `unreadable`, with what it said. */
export async function ask(look: Look, argv: Argv): Promise<Answer<string>> {
  const answer = await run(look, argv);
  if (answer.known && answer.value.code !== 0)
    return notKnown('unreadable', plain(answer.value.stderr.trim()) || `${argv[0]} failed`, answer.source);
  return mapAnswer(answer, (output) => output.stdout);
}

/** `ask` for a thing that may not exist: null where the program says no. */
export async function askIfAny(look: Look, argv: Argv): Promise<Answer<string | null>> {
  return mapAnswer(await run(look, argv), (output) => (output.code === 0 ? output.stdout : null));
}

const run = ({ machine, in: netns }: Look, argv: Argv): Promise<Answer<Output>> =>
  machine.run(command(argv, netns));

/** The first answer that is not known, or null. */
export const unknownOf = <T>(answers: readonly Answer<T>[]) =>
  answers.find((answer) => !answer.known) ?? null;
