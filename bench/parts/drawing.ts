import { median, milliseconds } from '../figures.ts';
import { whileNotForwarding } from '../lab-runs.ts';
import { besidePlain, type Part } from '../part.ts';
import { drawn, PLAIN, untilFirstByte } from '../watched.ts';

/** When the first frame stands, of the start of a plain Node.js. */
const AIM = 2.5;

const part: Part = {
  title: 'What is drawn',
  how: 'A diagnosis on a terminal of 80 columns with its conversation, forwarding off, and a line of plain Node.js in turn: when the first frame stands, and how many frames and bytes are written until the prompt waits.',
  measure: (rounds) =>
    whileNotForwarding(async (lab, argv) => {
      const runs: Awaited<ReturnType<typeof drawn>>[] = [];
      const plain: number[] = [];
      for (let round = 0; round < rounds; round++) {
        plain.push(await untilFirstByte(lab, PLAIN));
        runs.push(await drawn(lab, argv));
      }
      const of = (what: 'firstFrame' | 'frames' | 'bytes' | 'prompt') => median(runs.map((run) => run[what]));
      return [
        { what: 'first frame', ...besidePlain(of('firstFrame'), median(plain), AIM) },
        { what: 'verdict and prompt', got: milliseconds(of('prompt')) },
        { what: 'frames', got: String(of('frames')) },
        { what: 'bytes', got: String(of('bytes')) },
      ];
    }),
};
export default part;
