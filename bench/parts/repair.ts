import { Lab } from '../../test/lab/lab.ts';
import { runNetdoctor } from '../../test/lab/lab-network.ts';
import { median, milliseconds } from '../figures.ts';
import { DESTINATION, inLab } from '../lab-runs.ts';
import { atMost, type Part, type Row } from '../part.ts';

interface Fault {
  readonly name: string;
  readonly made: string;
  /** Milliseconds; absent where something has to settle: an answer from beyond this host is waited for. */
  readonly aim?: number;
}

const FAULTS: readonly Fault[] = [
  { name: 'forwarding off', made: 'sysctl -qw net.ipv4.ip_forward=0', aim: 1200 },
  { name: 'a rule that drops', made: 'iptables -I DOCKER-USER -s 10.88.0.2 -j DROP', aim: 1200 },
  { name: 'no masquerade', made: 'iptables -t nat -D POSTROUTING -s 10.88.0.0/24 ! -o br0 -j MASQUERADE' },
];

const part: Part = {
  title: 'A repair',
  how: '`netdoctor --fix=disruptive --yes --json`, from the start of the program to its end with the verified verdict: it diagnoses, asks those around, mends, asks the same question again and those around too. Where nothing masquerades, an answer from beyond the host is waited for, which takes its time.',
  measure: (rounds) =>
    inLab(
      () => Lab.up(),
      async (lab) => {
        const rows: Row[] = [];
        for (const fault of FAULTS) rows.push(await repaired(lab, fault, rounds));
        return rows;
      },
    ),
};
export default part;

async function repaired(lab: Lab, { name, made, aim }: Fault, rounds: number): Promise<Row> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await lab.step({ in: 'host', sh: made });
    const began = performance.now();
    const { stdout, stderr, exitCode } = await runNetdoctor(lab, `netns:${lab.names.A}`, [
      ...['--to', DESTINATION],
      ...['--fix=disruptive', '--yes'],
    ]);
    times.push(performance.now() - began);
    const { repairs } = JSON.parse(stdout || '{}') as { repairs?: readonly { kept: boolean }[] };
    if (exitCode !== 0 || !repairs?.some(({ kept }) => kept))
      throw new Error(`${name} was not repaired (${exitCode}): ${stderr}${stdout}`);
  }
  const time = median(times);
  return { what: name, got: milliseconds(time), ...(aim === undefined ? {} : { aim: atMost(aim, time) }) };
}
