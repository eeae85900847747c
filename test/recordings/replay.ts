import { diagnose } from '../../src/engine/diagnose.ts';
import type { Recording } from '../../src/host/record/recording.ts';
import { replayer } from '../../src/host/replayer.ts';
import { parseArguments } from '../../src/main/arguments.ts';
import { questionOf } from '../../src/main/question.ts';
import { commands } from '../../src/main/registry.ts';
import type { Diagnosis } from '../../src/model/diagnosis.ts';

/** Asks the recorded question of the recording. */
export async function replay(recording: Recording): Promise<Diagnosis> {
  const call = parseArguments(recording.argv, commands);
  if (call.type !== 'run') throw new Error('a recording is of a run');
  const machine = replayer(recording);
  const question = await questionOf(call.words[0]!, call.options, machine);
  for await (const event of diagnose(machine, question, new AbortController().signal))
    if (event.type === 'diagnosis') return event.diagnosis;
  throw new Error('it ended without a diagnosis');
}
