import { Lab } from '../../test/lab/lab.ts';
import { program } from '../../test/lab/lab-network.ts';
import { AS_IT_COMES } from '../../test/lab/tcpdump.ts';
import { median, pairedRatio } from '../figures.ts';
import { DESTINATION, inLab } from '../lab-runs.ts';
import { atLeast, atMost, type Part, type Row } from '../part.ts';
import { addSink, flood, type Sent } from '../traffic.ts';
import { processorTime } from '../watched.ts';

/** Seconds of each measurement; three of them make a round. */
const SPAN = 1.5;
/** Before it, netdoctor has noticed how much passes. Seconds. */
const NOTICED = 2;

interface Waiting {
  readonly name: string;
  readonly words: (target: string) => readonly string[];
  /** What it says when it has armed what it arms. */
  readonly ready: RegExp;
}

const WAITING: readonly Waiting[] = [
  {
    name: 'one that waits for a packet from outside',
    words: (target) => ['diagnose', target, '--from', 'outside', '--to', ':8080', '--ndjson'],
    ready: /"waiting"/,
  },
  {
    name: 'a quiet watch',
    words: (target) => ['watch', target, '--to', DESTINATION, '--ndjson'],
    ready: /"probe"/,
  },
];

/** What was measured of one of them: packets that went by, and the share of a processor that it used itself. */
interface Beside {
  readonly sent: Sent[];
  readonly own: number[];
}

const part: Part = {
  title: 'What watching costs a host that forwards',
  how: 'One container sends as fast as it can through the host, in turn without netdoctor, with one that waits for a packet from outside on the very bridge and uplink (`--from outside --to :8080`), and with one that watches another container of that bridge and loses nothing (`watch`, a probe every 200 ms). Where little passes, the one that waits has armed all its witnesses; where so much passes it has taken them back, and listens to what comes in by the uplink, until the packet has come. On veths a packet is carried all the way in its sender’s own time: packets a second are what the host forwards, and processor time is what one packet costs it.',
  measure: (rounds) =>
    inLab(
      () => Lab.up(),
      async (lab) => {
        await addSink(lab);
        const bare: Sent[] = [];
        const besides = WAITING.map((): Beside => ({ sent: [], own: [] }));
        const passing = (): Promise<Sent> => flood(lab, 'B', 'max', SPAN);
        await passing();
        for (let round = 0; round < rounds; round++) {
          const turns = [
            async () => void bare.push(await passing()),
            ...WAITING.map((one, at) => () => whileWaiting(lab, one, passing, besides[at]!)),
          ];
          // In turn first and last: whatever drifts meanwhile falls on all.
          for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await turn();
        }
        return [
          { what: 'packets a second, without it', got: String(Math.round(median(bare.map(speed)))) },
          { what: 'processor time of a packet, without it', got: micros(bare) },
          ...WAITING.flatMap(({ name }, at) => rowsOf(name, besides[at]!, bare)),
        ];
      },
    ),
};
export default part;

const speed = ({ sent, seconds }: Sent): number => sent / seconds;
const price = ({ sent, microseconds }: Sent): number => microseconds / sent;
const micros = (all: readonly Sent[]): string => `${median(all.map(price)).toFixed(3)} µs`;
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function rowsOf(name: string, { sent, own }: Beside, bare: readonly Sent[]): Row[] {
  const rate = pairedRatio(sent.map(speed), bare.map(speed));
  const cost = pairedRatio(sent.map(price), bare.map(price));
  return [
    { what: `packets a second, beside ${name}`, got: String(Math.round(median(sent.map(speed)))) },
    { what: `ratio, beside ${name}`, got: rate.toFixed(3), aim: atLeast(0.97, rate) },
    { what: `processor time of a packet, beside ${name}`, got: micros(sent) },
    { what: `ratio of it, beside ${name}`, got: cost.toFixed(3), aim: atMost(1.03, cost) },
    { what: `of one processor, ${name} itself`, got: percent(median(own)) },
  ];
}

/** Runs `work` beside a netdoctor that waits. */
async function whileWaiting(
  lab: Lab,
  { name, words, ready }: Waiting,
  work: () => Promise<Sent>,
  beside: Beside,
): Promise<void> {
  const child = lab.run('host', [program, ...words(`netns:${lab.names.A}`)], AS_IT_COMES);
  child.stderr.resume();
  await new Promise<void>((resolve, refuse) => {
    let said = '';
    child.stdout.on('data', (bytes) => {
      // What it tells later is read, and of no interest.
      if (ready.test(said)) return;
      said += String(bytes);
      if (ready.test(said)) resolve();
    });
    void child.then(() => refuse(new Error(`${name} was not there: ${said}`)));
  });
  try {
    await flood(lab, 'B', 'max', NOTICED);
    const before = processorTime(child.pid!);
    const sent = await work();
    beside.own.push((processorTime(child.pid!) - before) / sent.seconds);
    beside.sent.push(sent);
  } finally {
    child.kill('SIGINT');
    await child;
  }
}
