import { execaSync } from 'execa';
import { buildCrowd } from '../../test/lab/crowd.ts';
import { program } from '../../test/lab/lab-network.ts';
import { leavingNothing } from '../../test/lab/leaving-nothing.ts';
import { namespacePath, uniqueId } from '../../test/lab/names.ts';
import { removeNamespaces } from '../../test/lab/run.ts';
import { median, milliseconds, pairedRatio, ratio } from '../figures.ts';
import { atMost, type Part, type Row } from '../part.ts';

/** Containers, and how many times as long as the kernel's own list the map may take. */
const AIMS: readonly (readonly [count: number, limit: number])[] = [
  [10, 12],
  [1000, 6],
];

const part: Part = {
  title: 'The map of a host',
  how: '`netdoctor map --json` on a host with one bridge and as many containers as told, each in a namespace of its own behind a veth, and `ip -j -d link show` in the same namespace, in turn; `--version` is what of it is the start of the program.',
  measure: async (rounds) => {
    const rows: Row[] = [];
    for (const [count, limit] of AIMS) rows.push(...(await compare(count, limit, Math.min(rounds, 7))));
    return rows;
  },
};
export default part;

async function compare(count: number, limit: number, rounds: number): Promise<Row[]> {
  const names = await buildCrowd(uniqueId(), count);
  return leavingNothing(
    () => removeNamespaces(names),
    async () => {
      const [map, list, start]: [number[], number[], number[]] = [[], [], []];
      const host = names[0]!;
      for (let round = 0; round < rounds; round++) {
        map.push(took(host, [program, 'map', '--json']));
        list.push(took(host, ['ip', '-j', '-d', 'link', 'show']));
        start.push(took(host, [program, '--version']));
      }
      const share = pairedRatio(map, list);
      return [
        { what: `${count} containers: map`, got: milliseconds(median(map)) },
        { what: `${count} containers: of it starting`, got: milliseconds(median(start)) },
        { what: `${count} containers: ip -j -d link show`, got: milliseconds(median(list)) },
        { what: `${count} containers: ratio`, got: ratio(share), aim: atMost(limit, share) },
      ];
    },
  );
}

/** Milliseconds of a program in a namespace. */
function took(host: string, argv: readonly string[]): number {
  const began = performance.now();
  execaSync('nsenter', [`--net=${namespacePath(host)}`, ...argv], { maxBuffer: 1e9 });
  return performance.now() - began;
}
