import type { Lab } from '../../test/lab/lab.ts';
import { median, milliseconds, pairedRatio, ratio } from '../figures.ts';
import { byNetdoctor, DESTINATION, onTwoHosts, type Status, setForwarding } from '../lab-runs.ts';
import { atMost, type Part, type Row } from '../part.ts';

const COUNT = 50_000;

const part: Part = {
  title: 'With 50,000 firewall rules',
  how: 'The same question on two hosts in turn: as built, and with 50,000 iptables rules in DOCKER-USER that a packet has to pass on its way through the host. With forwarding off it does not come so far; a rule behind them drops it. More than a fifth longer may take only what has to read them, and by no more than `iptables-save` takes there, measured beside it.',
  measure: (rounds) =>
    onTwoHosts(async (quiet, crowded) => {
      await addRules(crowded);
      return [
        ...(await compare(quiet, crowded, 'forwarding off', rounds)),
        ...(await compare(quiet, crowded, 'a rule drops it', rounds)),
        ...(await compare(quiet, crowded, 'healthy', rounds)),
      ];
    }),
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

type Case = 'forwarding off' | 'a rule drops it' | 'healthy';

/** Behind DOCKER-USER, and gone again. */
const DROP = ['FORWARD', '2', '-d', DESTINATION, '-j', 'DROP'] as const;

async function setCase(lab: Lab, name: Case): Promise<() => Promise<unknown>> {
  await setForwarding(lab, name !== 'forwarding off');
  if (name !== 'a rule drops it') return async () => {};
  await lab.run('host', ['iptables', '-I', ...DROP]);
  return () => lab.run('host', ['iptables', '-D', ...DROP.slice(0, 1), ...DROP.slice(2)]);
}

async function compare(quiet: Lab, crowded: Lab, name: Case, rounds: number): Promise<Row[]> {
  const expected: Status = name === 'healthy' ? 'healthy' : 'fault';
  const undo = [await setCase(quiet, name), await setCase(crowded, name)];
  const reads = name === 'a rule drops it';
  const [few, many, saves]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    few.push(await byNetdoctor(quiet, expected));
    many.push(await byNetdoctor(crowded, expected));
    if (reads) saves.push(await listing(crowded));
  }
  for (const one of undo) await one();
  const found = pairedRatio(many, few);
  const most = 1.2 + (reads ? pairedRatio(saves, few) : 0);
  return [
    { what: `${name}: rules as built`, got: milliseconds(median(few)) },
    { what: `${name}: 50,000 more`, got: milliseconds(median(many)) },
    ...(reads ? [{ what: `${name}: iptables-save there`, got: milliseconds(median(saves)) }] : []),
    { what: `${name}: ratio`, got: ratio(found), aim: atMost(Number(ratio(most)), found) },
  ];
}

/** Milliseconds that the tool itself takes to show all of them. */
async function listing(lab: Lab): Promise<number> {
  const began = performance.now();
  await lab.run('host', ['iptables-save'], { stdout: 'ignore' });
  return performance.now() - began;
}
