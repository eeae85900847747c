/** The diagnosis that a recording is of, judged again from it: nothing of this machine is asked. */
import { fromText } from '../host/record/recording.ts';
import { cannotLook, Failure } from '../model/failure.ts';
import { plain } from '../words/text.ts';
import { DEFAULT, parseArguments } from './arguments.ts';
import type { Command } from './command.ts';
import type { Context } from './context.ts';
import { questionOf } from './question.ts';
import { report } from './report.ts';

interface Around extends Pick<Context, 'screen' | 'signal' | 'options'> {
  readonly commands: readonly Command[];
}

/** Resolves with the exit code of the verdict. @throws Failure for a recording that is none, or of no diagnosis */
export async function diagnoseAgain(
  text: string,
  { commands, screen, signal, options }: Around,
): Promise<number> {
  const { recording, call } = asked(text, commands);
  try {
    const { replayer } = await import('../host/replayer.ts');
    const machine = replayer(recording);
    const question = await questionOf(call.words[0] ?? '', call.options, machine);
    const [as, all] = [options.json ? ('json' as const) : ('text' as const), options.verbose === true];
    // What was mended then is not mended again, whatever the recorded call says.
    return await report({ machine, question, screen, signal, as, all, redact: false });
  } catch (error) {
    if (error instanceof Failure || signal.aborted) throw error;
    // Whatever else it met is what the recording holds, and no machine does.
    throw unusable(error instanceof Error ? error.message : String(error));
  }
}

function asked(text: string, commands: readonly Command[]) {
  try {
    const recording = fromText(text);
    const call = parseArguments(recording.argv, commands);
    if (call.type === 'run' && call.command.name === DEFAULT) return { recording, call };
  } catch (error) {
    throw unusable(error instanceof Error ? error.message : String(error));
  }
  throw unusable('it is of no diagnosis');
}

const unusable = (why: string): Failure =>
  cannotLook(
    'unusable-recording',
    `The recording in the file cannot be used: ${plain(why)}.`,
    'The packets are shown all the same; a netdoctor as new as the one that wrote the file may know it.',
  );
