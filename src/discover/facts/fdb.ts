import type { Machine } from '../../host/machine.ts';
import { type Answer, mapAnswer } from '../../model/answer.ts';
import type { FdbEntry } from '../../model/facts.ts';
import type { Hop } from '../../model/path.ts';
import { ask } from '../ask.ts';
import { fact, type Ground } from '../fact.ts';
import { number, parseList, text, words } from '../ip/json.ts';
import { fromAll } from '../sides.ts';

export const parseFdb = (document: string): FdbEntry[] =>
  parseList(document).flatMap((entry) => {
    const mac = text(entry.mac);
    if (mac === null) return [];
    return [
      {
        mac,
        dev: text(entry.ifname) ?? '',
        master: text(entry.master),
        flags: words(entry.flags),
        state: text(entry.state),
        vlan: number(entry.vlan),
        dst: text(entry.dst),
      },
    ];
  });

/** Hops with a forwarding table: bridges, and tunnels that learn who is behind which peer. */
const tables = ({ path }: Ground): readonly Hop[] =>
  path.hops.filter((hop) => hop.link.bridge !== null || hop.link.kind === 'vxlan');

async function ofHop(machine: Machine, hop: Hop): Promise<Answer<readonly FdbEntry[]>> {
  const select = hop.link.bridge ? 'br' : 'dev';
  const netns = hop.where === 'host' ? null : hop.netns;
  return mapAnswer(await ask(machine, ['bridge', '-j', 'fdb', 'show', select, hop.name], netns), parseFdb);
}

/** Forwarding entries of the bridges and tunnels on the path. Source: bridge(8). */
export default fact({
  name: 'fdb',
  gather: (machine, ground) => fromAll(tables(ground), (hop) => ofHop(machine, hop)),
});
