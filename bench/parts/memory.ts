import { median, megabytes } from '../figures.ts';
import { whileNotForwarding } from '../lab-runs.ts';
import type { Part } from '../part.ts';
import { onTerminal, peakMemory } from '../watched.ts';

/** The conversation begins after the verdict, and is left again. */
const leave = { says: /netdoctor \S+ (▸|>)/, type: 'quit\r' };

const part: Part = {
  title: 'Memory',
  how: 'Peak of the whole process tree (proportional set size: memory that is shared counts once), of a diagnosis into a pipe, and of one on a terminal with its conversation.',
  measure: (rounds) =>
    whileNotForwarding(async (lab, argv) => {
      const [plain, drawn, bare]: [number[], number[], number[]] = [[], [], []];
      for (let round = 0; round < Math.min(rounds, 5); round++) {
        plain.push(await peakMemory(lab, [...argv, '--json']));
        drawn.push(await peakMemory(lab, onTerminal(argv), leave));
        bare.push(await peakMemory(lab, [process.execPath, '-e', 'setTimeout(() => {}, 300)']));
      }
      return [
        { what: '--json', got: megabytes(median(plain)) },
        { what: 'on a terminal (Ink)', got: megabytes(median(drawn)) },
        { what: 'Node.js itself, for comparison', got: megabytes(median(bare)) },
      ];
    }),
};
export default part;
