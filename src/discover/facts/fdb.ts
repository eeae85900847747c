import { ask } from '../../host/ask.ts';
import type { Machine } from '../../host/machine.ts';
import { type Answer, mapAnswer } from '../../model/answer.ts';
import type { FdbEntry } from '../../model/facts.ts';
import type { Netns } from '../../model/netns.ts';
import { linkNamed } from '../../model/stack.ts';
import { fact, type Ground } from '../fact.ts';
import { number, parseList, text, words } from '../ip/json.ts';
import { fromAll, sides } from '../sides.ts';

/** `of`: the device asked about, which `bridge fdb show dev` (not `br`) leaves out of its JSON. */
export const parseFdb = (document: string, of = ''): FdbEntry[] =>
  parseList(document).flatMap((entry) => {
    const mac = text(entry.mac);
    if (mac === null) return [];
    return [
      {
        mac,
        dev: text(entry.ifname) ?? of,
        master: text(entry.master),
        flags: words(entry.flags),
        state: text(entry.state),
        vlan: number(entry.vlan),
        dst: text(entry.dst),
      },
    ];
  });

interface Table {
  readonly netns: Netns | null;
  readonly select: 'br' | 'dev';
  readonly name: string;
}

/** Who learns on the path: bridges, whether it is routed by them or only passes from port to port, and tunnels. */
function tablesOf(ground: Ground): Table[] {
  return sides(ground).flatMap(({ side, netns, devices }) =>
    devices.flatMap((name): Table[] => {
      const stack = ground.stacks[side];
      const kind = stack ? linkNamed(stack, name)?.kind : undefined;
      if (kind === 'bridge') return [{ netns, select: 'br', name }];
      return kind === 'vxlan' ? [{ netns, select: 'dev', name }] : [];
    }),
  );
}

async function read(machine: Machine, { netns, select, name }: Table): Promise<Answer<readonly FdbEntry[]>> {
  return mapAnswer(await ask(machine, ['bridge', '-j', 'fdb', 'show', select, name], netns), (document) =>
    parseFdb(document, select === 'dev' ? name : ''),
  );
}

/** Forwarding entries of the bridges and tunnels on the path. Source: bridge(8). */
export default fact({
  name: 'fdb',
  gather: (machine, ground) => fromAll(tablesOf(ground), (table) => read(machine, table)),
});
