/** `--save FILE.pcapng` of a diagnosis: its packets, what became of them, and its recording. */
import { diagnosisBlocks } from '../capture/save/diagnosis.ts';
import { writtenBy } from '../capture/save/head.ts';
import { fileSink, type Sink } from '../capture/save/sink.ts';
import type { Machine } from '../host/machine.ts';
import { recorder } from '../host/recorder.ts';
import { wallOffset } from '../host/sys/wall-clock.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import type { Event } from '../model/event.ts';
import { cannotLook } from '../model/failure.ts';
import type { Target } from '../model/target.ts';
import { plain } from '../words/text.ts';
import { called } from './docker-plugin.ts';
import { recordedWords } from './recorded-words.ts';

export interface Keeping {
  /** Everything it answers is kept. */
  readonly machine: Machine;
  /** Learns what the file says beside the packets. */
  learn(event: Event): void;
  /** Writes it. @throws Failure where it could not be */
  write(): Promise<void>;
  /** Removes what was not written: nothing came of it. */
  discard(): void;
}

/** Opens the file at once: a name that cannot be is said before anything is done. @throws Failure */
export function keeping(real: Machine, file: string): Keeping {
  const sink: Sink = fileSink(file, real.env);
  const { machine, recording } = recorder(real);
  let target: Target | undefined;
  let diagnosis: Diagnosis | undefined;
  let written = false;
  return {
    machine,
    learn(event) {
      if (event.type === 'target') ({ target } = event);
      if (event.type === 'diagnosis') ({ diagnosis } = event);
    },
    async write() {
      if (!target || !diagnosis) return;
      written = true;
      const blocks = diagnosisBlocks({
        diagnosis,
        target,
        recording: recording(recordedWords(called(process.argv).words, '--save')),
        offset: wallOffset(),
        ...writtenBy(real),
      });
      const { refused } = await sink.write(blocks, new AbortController().signal);
      const because = refused ?? sink.close();
      if (because !== null)
        throw cannotLook(
          'unwritten',
          `${plain(file)} could not be written whole: ${because}.`,
          'The verdict above stands. Name a file where there is room.',
        );
    },
    discard() {
      if (!written) sink.discard();
    },
  };
}
