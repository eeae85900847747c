/** A command of the conversation, carried out. */
import { Failure } from '../../model/failure.ts';
import { nearest } from '../../words/nearest.ts';
import type { Outcome } from '../command.ts';
import { split } from '../parse.ts';
import { problemOf, STOPPED } from '../problems.ts';
import { commandNamed, commands } from '../registry.ts';
import type { Input, State } from '../state.ts';
import type { Surroundings } from '../surroundings.ts';
import { begun, type Desk, type Work } from './work.ts';

export function answering(desk: Desk, line: string): Work {
  const end = begun(desk);
  return {
    // What a command reads cannot be called back; its answer can be let go.
    stop: () => end({ type: 'failed', line, problem: STOPPED }),
    ended: inTime(line, carryOut(line, desk.state(), desk.around))
      .then(
        (outcome): Input => ({ type: 'outcome', line, outcome }),
        (error: unknown): Input => ({ type: 'failed', line, problem: problemOf(error) }),
      )
      .then(end),
  };
}

/** Finds the command of a line and lets it answer. */
export async function carryOut(line: string, state: State, around: Surroundings): Promise<Outcome> {
  const words = split(line);
  const name = words[0]?.text ?? '';
  const found = commands.find((each) => each.name === name);
  if (!found) return unknownCommand(name);
  const { last, target, asked, settings, glyphs, size } = state;
  return found.run(words, {
    last,
    target,
    asked,
    settings,
    glyphs,
    commands,
    around,
    columns: size.columns - 1,
    draws: state.echoes,
    defaults: state.defaults,
  });
}

function unknownCommand(name: string): Outcome {
  const meant = nearest(
    name,
    commands.map((each) => each.name),
  );
  const hint = meant ? `Did you mean "${meant}"?` : 'Type help for what there is.';
  return { type: 'wrong', word: 0, message: `There is no command "${name}".`, hint };
}

/** The answer, or that it did not come within the time that its command waits. */
async function inTime(line: string, answer: Promise<Outcome>): Promise<Outcome> {
  const waits = commandNamed(split(line)[0]?.text ?? '')?.waits;
  if (waits === undefined) return answer;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const message = `No answer from ${waits.what} within ${waits.seconds} s.`;
    timer = setTimeout(
      () => reject(new Failure({ exit: 3, code: 'timeout', message, hint: 'Ask again later.' })),
      waits.seconds * 1000,
    );
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
