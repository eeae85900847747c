import { Lab } from '../../test/lab/lab.ts';
import { median, milliseconds, pairedRatio, ratio } from '../figures.ts';
import { byNetdoctor, inLab, type Status, setForwarding } from '../lab-runs.ts';
import type { Part, Row } from '../part.ts';

const COUNT = 50_000;

const part: Part = {
  title: 'With 50,000 firewall rules',
  how: 'The same question on two hosts in turn: as built, and with 50,000 iptables rules in DOCKER-USER that the probe has to pass.',
  measure: (rounds) =>
    inLab(
      () => Lab.up(),
      (quiet) =>
        inLab(
          () => Lab.up(),
          async (crowded) => {
            await addRules(crowded);
            return [
              ...(await compare(quiet, crowded, 'fault', rounds)),
              ...(await compare(quiet, crowded, 'healthy', rounds)),
            ];
          },
        ),
    ),
};
export default part;

/** Sources that nobody here has, each with a rule of its own. */
async function addRules(lab: Lab): Promise<void> {
  const rules = Array.from(
    { length: COUNT },
    (_, index) =>
      `-I DOCKER-USER -s 10.${100 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}/32 -j DROP`,
  );
  const input = `*filter\n${rules.join('\n')}\nCOMMIT\n`;
  await lab.run('host', ['iptables-restore', '--noflush'], { input });
}

async function compare(quiet: Lab, crowded: Lab, expected: Status, rounds: number): Promise<Row[]> {
  for (const lab of [quiet, crowded]) await setForwarding(lab, expected === 'healthy');
  const [few, many]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    few.push(await byNetdoctor(quiet, expected));
    many.push(await byNetdoctor(crowded, expected));
  }
  const name = expected === 'fault' ? 'forwarding off' : 'healthy';
  return [
    { what: `${name}: rules as built`, got: milliseconds(median(few)) },
    { what: `${name}: 50,000 more`, got: milliseconds(median(many)) },
    { what: `${name}: ratio`, got: ratio(pairedRatio(many, few)) },
  ];
}
