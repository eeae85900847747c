/** `--record FILE`: the answers of the machine to one call, for a test or a report of a bug. */
import { writeText } from '../host/files.ts';
import { toText } from '../host/record/recording.ts';
import { recorder } from '../host/recorder.ts';
import { cannotLook } from '../model/failure.ts';
import type { Context } from './context.ts';
import { recordedWords } from './recorded-words.ts';

type Ask = Context['machine'];

/** Runs `work` with a machine that is written down, also where it fails. @throws Failure for a file that cannot be written */
export async function recorded(
  file: string,
  argv: readonly string[],
  ask: Ask,
  work: (machine: Ask) => Promise<number>,
): Promise<number> {
  const real = await ask();
  const { machine, recording } = recorder(real);
  try {
    return await work(async () => machine);
  } finally {
    const written = writeText(file, toText(recording(recordedWords(argv, '--record'))), {
      mode: 0o600,
      sync: true,
    });
    if (!written.known)
      // biome-ignore lint/correctness/noUnsafeFinally: a recording that is not there is what the caller must hear of
      throw cannotLook(
        'no-recording',
        `The recording could not be written: ${written.detail}.`,
        'Name another file.',
      );
  }
}
