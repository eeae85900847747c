import { ask } from '../../host/ask.ts';
import type { ForwardingTold } from '../../host/kernel-told.ts';
import type { Machine } from '../../host/machine.ts';
import { type Answer, known, mapAnswer } from '../../model/answer.ts';
import type { FdbEntry } from '../../model/facts.ts';
import { command, commandLine, type Netns } from '../../model/netns.ts';
import { type Link, linkNamed } from '../../model/stack.ts';
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
  readonly device: Link;
  /** Of its namespace. */
  readonly links: readonly Link[];
}

/** Who learns on the path: bridges, whether it is routed by them or only passes from port to port, and tunnels. */
function tablesOf(ground: Ground): Table[] {
  return sides(ground).flatMap(({ side, netns, devices }) =>
    devices.flatMap((name): Table[] => {
      const stack = ground.stacks[side];
      const device = stack && linkNamed(stack, name);
      if (device?.kind !== 'bridge' && device?.kind !== 'vxlan') return [];
      return [{ netns, select: device.kind === 'bridge' ? 'br' : 'dev', device, links: stack!.links }];
    }),
  );
}

/** As `bridge fdb show` names them. An older kernel tells of other bridges too: one that knows no NETLINK_GET_STRICT_CHK. */
function entriesOf(told: readonly ForwardingTold[], { select, device, links }: Table): FdbEntry[] {
  const names = new Map(links.map(({ ifindex, name }) => [ifindex, name]));
  const own = new Set(
    links
      .filter(({ name, master }) => name === device.name || master === device.name)
      .map(({ ifindex }) => ifindex),
  );
  const nameOf = (ifindex: number): string => names.get(ifindex) ?? `if${ifindex}`;
  return told
    .filter(({ ifindex }) => select === 'dev' || own.has(ifindex))
    .map(({ mac, ifindex, master, flags, state, vlan, dst }) => ({
      mac,
      dev: nameOf(ifindex),
      master: master === null ? null : nameOf(master),
      flags,
      state,
      vlan,
      dst,
    }));
}

/** Of the kernel itself; where it does not tell, of `bridge`. */
async function read(machine: Machine, table: Table): Promise<Answer<readonly FdbEntry[]>> {
  const { netns, select, device } = table;
  const { ifindex, name } = device;
  const argv = ['bridge', '-j', 'fdb', 'show', select, name] as const;
  const told = machine.kernelTells('forwarding', netns, { of: select, ifindex });
  if (told.known) return known(entriesOf(told.value, table), commandLine(command(argv, netns)));
  return mapAnswer(await ask(machine, argv, netns), (document) =>
    parseFdb(document, select === 'dev' ? name : ''),
  );
}

/** Forwarding entries of the bridges and tunnels on the path. Source: bridge(8). */
export default fact({
  name: 'fdb',
  gather: (machine, ground) => fromAll(tablesOf(ground), (table) => read(machine, table)),
});
