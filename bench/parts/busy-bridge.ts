import { Lab } from '../../test/lab/lab.ts';
import { median, milliseconds, pairedRatio, ratio } from '../figures.ts';
import { byNetdoctor, inLab, type Status, setForwarding } from '../lab-runs.ts';
import type { Part, Row } from '../part.ts';
import { addSink, flood, forwarded } from '../traffic.ts';

const RATE = 20_000;
/** Longer than any run; the sender is ended with its lab. Seconds. */
const WHILE = 3;

const part: Part = {
  title: 'With 20,000 unrelated packets a second',
  how: 'The same question in turn on the quiet host and while another container sends 20,000 UDP packets a second over the same bridge and uplink (with forwarding off, the host drops them all).',
  measure: (rounds) =>
    inLab(
      () => Lab.up(),
      async (lab) => {
        await addSink(lab);
        return [...(await compare(lab, 'fault', rounds)), ...(await compare(lab, 'healthy', rounds))];
      },
    ),
};
export default part;

async function compare(lab: Lab, expected: Status, rounds: number): Promise<Row[]> {
  await setForwarding(lab, expected === 'healthy');
  const [quiet, busy]: [number[], number[]] = [[], []];
  const rates: number[] = [];
  for (let round = 0; round < rounds; round++) {
    quiet.push(await byNetdoctor(lab, expected));
    const before = await forwarded(lab);
    const load = flood(lab, 'B', RATE, WHILE);
    busy.push(await byNetdoctor(lab, expected));
    const { sent, seconds } = await load;
    if (expected === 'healthy') rates.push(((await forwarded(lab)) - before) / seconds);
    else rates.push(sent / seconds);
  }
  const name = expected === 'fault' ? 'forwarding off' : 'healthy';
  return [
    { what: `${name}: quiet`, got: milliseconds(median(quiet)) },
    { what: `${name}: busy`, got: milliseconds(median(busy)) },
    { what: `${name}: ratio`, got: ratio(pairedRatio(busy, quiet)) },
    { what: `${name}: packets a second`, got: String(Math.round(median(rates))) },
  ];
}
