import { diagnose } from '../../src/engine/diagnose.ts';
import type { Recording } from '../../src/host/record/recording.ts';
import { replayer } from '../../src/host/replayer.ts';
import { parseArguments } from '../../src/main/arguments.ts';
import { questionOf } from '../../src/main/question.ts';
import { commands } from '../../src/main/registry.ts';
import type { Diagnosis } from '../../src/model/diagnosis.ts';
import type { Event } from '../../src/model/event.ts';
import type { Question } from '../../src/model/question.ts';

/** Asks the recorded question of the recording: the question, and everything that is told about it. */
export async function tellAgain(recording: Recording): Promise<{ question: Question; events: Event[] }> {
  const call = parseArguments(recording.argv, commands);
  if (call.type !== 'run') throw new Error('a recording is of a run');
  const machine = replayer(recording);
  const question = await questionOf(call.words[0]!, call.options, machine);
  const events: Event[] = [];
  for await (const event of diagnose(machine, question, new AbortController().signal)) events.push(event);
  return { question, events };
}

/** The verdict alone. */
export async function replay(recording: Recording): Promise<Diagnosis> {
  const { events } = await tellAgain(recording);
  const last = events.find((event) => event.type === 'diagnosis');
  if (!last) throw new Error('it ended without a diagnosis');
  return last.diagnosis;
}
