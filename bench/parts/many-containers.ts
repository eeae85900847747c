import { guestsOn } from '../../test/lab/crowd.ts';
import type { Lab } from '../../test/lab/lab.ts';
import { leavingNothing } from '../../test/lab/leaving-nothing.ts';
import { uniqueId } from '../../test/lab/names.ts';
import { removeNamespaces } from '../../test/lab/run.ts';
import { median, milliseconds, pairedRatio, ratio } from '../figures.ts';
import { byNetdoctor, onTwoHosts, type Status, setForwarding } from '../lab-runs.ts';
import { atMost, type Part, type Row } from '../part.ts';

const [FEW, MANY] = [10, 1000] as const;
const AIM = 1.15;

const part: Part = {
  title: 'With 1,000 containers beside it',
  how: 'The same question on two hosts in turn: with 10 and with 1,000 other containers, each a namespace of its own behind a veth on the bridge of the one that is asked about.',
  measure: (rounds) =>
    onTwoHosts((quiet, crowded) =>
      beside(quiet, FEW, () =>
        beside(crowded, MANY, async () => [
          ...(await compare(quiet, crowded, 'fault', rounds)),
          ...(await compare(quiet, crowded, 'healthy', rounds)),
        ]),
      ),
    ),
};
export default part;

/** Works while so many containers more live on a lab's bridge. */
function beside<T>(lab: Lab, count: number, work: () => Promise<T>): Promise<T> {
  const id = uniqueId();
  const names = Array.from({ length: count }, (_, at) => `${id}-c${at}`);
  return leavingNothing(
    () => removeNamespaces(names),
    async () => {
      await guestsOn(lab.names.host, 'br0', names);
      return work();
    },
  );
}

async function compare(quiet: Lab, crowded: Lab, expected: Status, rounds: number): Promise<Row[]> {
  for (const lab of [quiet, crowded]) await setForwarding(lab, expected === 'healthy');
  const [few, many]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    few.push(await byNetdoctor(quiet, expected));
    many.push(await byNetdoctor(crowded, expected));
  }
  const name = expected === 'fault' ? 'forwarding off' : 'healthy';
  const share = pairedRatio(many, few);
  return [
    { what: `${name}: beside ${FEW}`, got: milliseconds(median(few)) },
    { what: `${name}: beside ${MANY}`, got: milliseconds(median(many)) },
    { what: `${name}: ratio`, got: ratio(share), aim: atMost(AIM, share) },
  ];
}
