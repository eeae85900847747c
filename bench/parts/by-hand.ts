import { Lab } from '../../test/lab/lab.ts';
import { median, milliseconds, pairedRatio, quantile, ratio } from '../figures.ts';
import { byHand, byNetdoctor, inLab, type Status, setForwarding } from '../lab-runs.ts';
import { atMost, type Part, type Row } from '../part.ts';

const AIMS: Readonly<Record<Status, number>> = { fault: 0.5, healthy: 1 };

const part: Part = {
  title: 'A whole run, beside the same by hand',
  how: '`netdoctor --json` and `bench/by-hand.sh` (four captures, `ping -c3 -i0.2 -W1`, three settings) in turn, in one lab: with forwarding off, and healthy.',
  measure: (rounds) =>
    inLab(
      () => Lab.up(),
      async (lab) => [...(await compare(lab, 'fault', rounds)), ...(await compare(lab, 'healthy', rounds))],
    ),
};
export default part;

async function compare(lab: Lab, expected: Status, rounds: number): Promise<Row[]> {
  await setForwarding(lab, expected === 'healthy');
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    ours.push(await byNetdoctor(lab, expected));
    theirs.push(await byHand(lab, expected));
  }
  const name = expected === 'fault' ? 'dropped' : 'healthy';
  const share = pairedRatio(ours, theirs);
  return [
    { what: `${name}: netdoctor`, got: milliseconds(median(ours)) },
    { what: `${name}: netdoctor, 95th percentile`, got: milliseconds(quantile(ours, 0.95)) },
    { what: `${name}: by hand`, got: milliseconds(median(theirs)) },
    { what: `${name}: ratio`, got: ratio(share), aim: atMost(AIMS[expected], share) },
  ];
}
