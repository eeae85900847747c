import { Lab } from '../../test/lab/lab.ts';
import { program } from '../../test/lab/lab-network.ts';
import type { Place } from '../../test/lab/names.ts';
import { AS_IT_COMES } from '../../test/lab/tcpdump.ts';
import { median, pairedRatio } from '../figures.ts';
import { inLab } from '../lab-runs.ts';
import { atMost, type Part } from '../part.ts';
import { addSink, flood } from '../traffic.ts';
import { processorTime } from '../watched.ts';

/** Seconds of each measurement; three of them make a round. */
const SPAN = 1;
/** Takes nothing of what is sent. */
const FILTER = ['udp', 'port', '4242'];

type Program = readonly [Place, readonly string[]];

const tcpdump = (place: Place, device: string): Program => [
  place,
  ['tcpdump', '-ni', device, '-w', '/dev/null', ...FILTER],
];

const part: Part = {
  title: 'What a capture costs a host that forwards',
  how: 'One container sends as fast as it can through the host, in turn without anybody, beside one tcpdump on each hop of another container (its eth0, its veth, the bridge that both share, the uplink), and beside `netdoctor capture` of that container; neither filter takes any of it. Processor time of a packet: of the sender, in which on veths a packet is carried all the way, and of those that listen.',
  measure: (rounds) =>
    inLab(
      () => Lab.up(),
      async (lab) => {
        await addSink(lab);
        const ways = {
          nobody: [],
          tcpdump: [
            tcpdump('A', 'eth0'),
            ...['vetha', 'br0', 'up0'].map((device) => tcpdump('host', device)),
          ],
          capture: [['host', [program, 'capture', `netns:${lab.names.A}`, ...FILTER]]],
        } as const satisfies Record<string, readonly Program[]>;
        const spent = { nobody: [] as number[], tcpdump: [] as number[], capture: [] as number[] };
        const own: number[] = [];
        await flood(lab, 'B', 'max', SPAN);
        for (let round = 0; round < rounds; round++) {
          const names = Object.keys(ways) as (keyof typeof ways)[];
          for (const name of round % 2 === 0 ? names : names.toReversed()) {
            const { sent, seconds, microseconds, listening } = await beside(lab, ways[name]);
            spent[name].push((microseconds + listening * 1e6) / sent);
            if (name === 'capture') own.push(listening / seconds);
          }
        }
        const ratio = pairedRatio(spent.capture, spent.tcpdump);
        return [
          ...Object.entries(spent).map(([name, all]) => ({
            what: `processor time of a packet, ${name}`,
            got: `${median(all).toFixed(3)} µs (${pairedRatio(all, spent.nobody).toFixed(3)} of nobody)`,
          })),
          { what: 'capture beside tcpdump', got: ratio.toFixed(3), aim: atMost(1, ratio) },
          { what: 'of one processor, capture itself', got: `${(100 * median(own)).toFixed(1)} %` },
        ];
      },
    ),
};
export default part;

/** A flood beside these programs; `listening`: seconds of processor time that they used meanwhile. */
async function beside(lab: Lab, programs: readonly Program[]) {
  const all = await Promise.all(programs.map((one) => begin(lab, one)));
  // What packets pass for the first time is told to the kernel's tracepoints too, until there are too many.
  await flood(lab, 'B', 'max', SPAN / 2);
  const used = (): number => all.reduce((sum, { pid }) => sum + processorTime(pid), 0);
  const before = used();
  const sent = await flood(lab, 'B', 'max', SPAN);
  const listening = used() - before;
  await Promise.all(all.map((one) => one.end()));
  return { ...sent, listening };
}

/** Resolves when it listens. */
async function begin(lab: Lab, [place, argv]: Program) {
  const child = lab.run(place, argv, AS_IT_COMES);
  child.stdout.resume();
  await new Promise<void>((resolve, refuse) => {
    let said = '';
    child.stderr.on('data', (bytes) => {
      said += String(bytes);
      if (/listening on .*\n/.test(said)) resolve();
    });
    void child.then(() => refuse(new Error(`${argv.join(' ')} ended: ${said}`)));
  });
  return {
    pid: child.pid!,
    async end() {
      child.kill('SIGINT');
      await child;
    },
  };
}
