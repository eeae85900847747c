// How long `netdoctor map` takes beside what the kernel needs to tell its links:
//   node bin/many.mjs 10 100 1000
import { execaSync } from 'execa';
import { program } from './lab-network.ts';
import { namespacePath, uniqueId } from './names.ts';
import { ipBatch, removeNamespaces } from './run.ts';

/** A host with one bridge and as many containers as asked for, each a namespace behind a veth. */
async function build(id: string, count: number): Promise<string[]> {
  const host = `${id}-host`;
  const guests = Array.from({ length: count }, (_, at) => `${id}-c${at}`);
  await ipBatch([host, ...guests].map((name) => `netns add ${name}`));
  await ipBatch(
    [
      'link add br0 type bridge',
      'link set br0 up',
      ...guests.flatMap((name, at) => [
        `link add v${at} type veth peer name eth0 netns ${name}`,
        `link set v${at} master br0 up`,
      ]),
    ],
    host,
  );
  return [host, ...guests];
}

const ROUNDS = 7;

const median = (times: number[]): number => times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!;

function seconds(argv: readonly [string, ...string[]], host: string): number {
  const began = performance.now();
  execaSync('nsenter', [`--net=${namespacePath(host)}`, ...argv], { maxBuffer: 1e9 });
  return (performance.now() - began) / 1000;
}

const figures = (value: number): string => value.toFixed(value < 0.1 ? 3 : 2);

console.log(
  '| containers | `map` | of it starting | `ip -j -d link show` there | share | ratio |\n| --- | --- | --- | --- | --- | --- |',
);
for (const count of process.argv.slice(2).map(Number)) {
  const names = await build(uniqueId(), count);
  process.once('exit', () => removeNamespaces(names));
  const host = names[0]!;
  // One after the other each time, so that a busy machine is as busy for all of them.
  const rounds = Array.from({ length: ROUNDS }, () => ({
    map: seconds([program, 'map', '--json'], host),
    dump: seconds(['ip', '-j', '-d', 'link', 'show'], host),
    start: seconds([program, '--version'], host),
  }));
  const [map, dump, start] = (['map', 'dump', 'start'] as const).map((what) =>
    median(rounds.map((round) => round[what])),
  ) as [number, number, number];
  const cells = [
    `${count}`,
    `${figures(map)} s`,
    `${figures(start)} s`,
    `${figures(dump)} s`,
    `${Math.round((100 * dump) / map)} %`,
    `${Math.round(map / dump)}`,
  ];
  console.log(`| ${cells.join(' | ')} |`);
  removeNamespaces(names);
}
