import { Lab } from '../../test/lab/lab.ts';
import { program } from '../../test/lab/lab-network.ts';
import { median } from '../figures.ts';
import { DESTINATION, inLab } from '../lab-runs.ts';
import { besidePlain, type Part } from '../part.ts';
import { onTerminal, PLAIN, untilFirstByte } from '../watched.ts';

/** Of the start of a plain Node.js. */
const AIMS: Readonly<Record<string, number>> = { 'a diagnosis, piped': 2.5 };

const part: Part = {
  title: 'The first word',
  how: 'Milliseconds from the start of a process to its first byte: a line of plain Node.js (without NODE_EXTRA_CA_CERTS, as the launcher starts it), `netdoctor --version`, a diagnosis into a pipe, and one on a terminal (`script`), in turn.',
  measure: (rounds) =>
    inLab(
      () => Lab.up(),
      async (lab) => {
        const diagnosis = [program, 'diagnose', `netns:${lab.names.A}`, '--to', DESTINATION];
        const calls: Readonly<Record<string, readonly string[]>> = {
          'Node.js itself': PLAIN,
          '--version': [program, '--version'],
          'a diagnosis, piped': diagnosis,
          'a diagnosis, on a terminal': onTerminal(diagnosis),
        };
        const times = new Map(Object.keys(calls).map((what) => [what, [] as number[]]));
        for (let round = 0; round < rounds; round++)
          for (const [what, argv] of Object.entries(calls))
            times.get(what)!.push(await untilFirstByte(lab, argv));
        const plain = median(times.get('Node.js itself')!);
        return [...times].map(([what, values]) => ({
          what,
          ...besidePlain(median(values), plain, AIMS[what]),
        }));
      },
    ),
};
export default part;
