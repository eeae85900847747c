// How long `netdoctor map` takes beside what the kernel needs to tell its links:
//   node bin/many.mjs 10 100 1000
import { execaSync } from 'execa';
import { buildCrowd } from './crowd.ts';
import { program } from './lab-network.ts';
import { namespacePath, uniqueId } from './names.ts';
import { removeNamespaces } from './run.ts';

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
  const names = await buildCrowd(uniqueId(), count);
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
