import { Lab } from '../../test/lab/lab.ts';
import { program } from '../../test/lab/lab-network.ts';
import { AS_IT_COMES } from '../../test/lab/tcpdump.ts';
import { median, pairedRatio } from '../figures.ts';
import { inLab } from '../lab-runs.ts';
import { atLeast, atMost, type Part } from '../part.ts';
import { addSink, flood, type Sent } from '../traffic.ts';
import { processorTime } from '../watched.ts';

/** Seconds of each measurement; two of them make a round. */
const SPAN = 1.5;
/** Before it, netdoctor has noticed how much passes. Seconds. */
const NOTICED = 2;

const part: Part = {
  title: 'What watching costs a host that forwards',
  how: 'One container sends as fast as it can through the host, in turn without netdoctor and with one that waits for a packet from outside on the very bridge and uplink (`--from outside --to :8080`). Where little passes it has armed all its witnesses; where so much passes it has taken them back, and listens to what comes in by the uplink, until the packet has come. On veths a packet is carried all the way in its sender’s own time: packets a second are what the host forwards, and processor time is what one packet costs it.',
  measure: (rounds) =>
    inLab(
      () => Lab.up(),
      async (lab) => {
        await addSink(lab);
        const [bare, armed]: [Sent[], Sent[]] = [[], []];
        const own: number[] = [];
        const beside = (): Promise<Sent> => flood(lab, 'B', 'max', SPAN);
        await beside();
        for (let round = 0; round < rounds; round++) {
          // In turn first and second: whatever drifts meanwhile falls on both.
          const turns = [
            async () => void bare.push(await beside()),
            async () => void armed.push(await whileArmed(lab, beside, own)),
          ];
          for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await turn();
        }
        const rate = pairedRatio(armed.map(speed), bare.map(speed));
        const cost = pairedRatio(armed.map(price), bare.map(price));
        return [
          { what: 'packets a second, without it', got: String(Math.round(median(bare.map(speed)))) },
          { what: 'packets a second, beside it', got: String(Math.round(median(armed.map(speed)))) },
          { what: 'ratio', got: rate.toFixed(3), aim: atLeast(0.97, rate) },
          { what: 'processor time of a packet, without it', got: `${median(bare.map(price)).toFixed(3)} µs` },
          { what: 'processor time of a packet, beside it', got: `${median(armed.map(price)).toFixed(3)} µs` },
          { what: 'ratio', got: cost.toFixed(3), aim: atMost(1.03, cost) },
          { what: 'of one processor, netdoctor itself while it waits', got: percent(median(own)) },
        ];
      },
    ),
};
export default part;

const speed = ({ sent, seconds }: Sent): number => sent / seconds;
const price = ({ sent, microseconds }: Sent): number => microseconds / sent;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Runs `work` beside a netdoctor that waits; `own` gets the share of a processor that it uses itself. */
async function whileArmed(lab: Lab, work: () => Promise<Sent>, own: number[]): Promise<Sent> {
  const argv = [
    program,
    'diagnose',
    `netns:${lab.names.A}`,
    '--from',
    'outside',
    '--to',
    ':8080',
    '--ndjson',
  ];
  const child = lab.run('host', argv, AS_IT_COMES);
  child.stderr.resume();
  await new Promise<void>((resolve, refuse) => {
    let said = '';
    child.stdout.on('data', (bytes) => {
      said += String(bytes);
      if (said.includes('"waiting"')) resolve();
    });
    void child.then(() => refuse(new Error(`netdoctor did not wait for a packet: ${said}`)));
  });
  try {
    await flood(lab, 'B', 'max', NOTICED);
    const before = processorTime(child.pid!);
    const sent = await work();
    own.push((processorTime(child.pid!) - before) / sent.seconds);
    return sent;
  } finally {
    child.kill('SIGINT');
    await child;
  }
}
