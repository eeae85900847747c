import { median, milliseconds } from '../figures.ts';
import { whileNotForwarding } from '../lab-runs.ts';
import type { Part } from '../part.ts';
import { drawn } from '../watched.ts';

const part: Part = {
  title: 'What is drawn',
  how: 'A diagnosis on a terminal of 80 columns with its conversation, forwarding off: when the first frame stands, and how many frames and bytes are written until the prompt waits.',
  measure: (rounds) =>
    whileNotForwarding(async (lab, argv) => {
      const runs: Awaited<ReturnType<typeof drawn>>[] = [];
      for (let round = 0; round < rounds; round++) runs.push(await drawn(lab, argv));
      const of = (what: 'firstFrame' | 'frames' | 'bytes' | 'prompt') => median(runs.map((run) => run[what]));
      return [
        { what: 'first frame', got: milliseconds(of('firstFrame')) },
        { what: 'verdict and prompt', got: milliseconds(of('prompt')) },
        { what: 'frames', got: String(of('frames')) },
        { what: 'bytes', got: String(of('bytes')) },
      ];
    }),
};
export default part;
