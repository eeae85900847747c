import { Option } from 'commander';
import type { Inhabitant } from '../../discover/inventory.ts';
import { jsonText } from '../../output/json.ts';
import { columnsOf } from '../../output/line/columns.ts';
import { named, plain } from '../../words/text.ts';
import { command } from '../command.ts';
import { notes } from '../notes.ts';
import { json } from '../options.ts';

export default command({
  name: 'containers',
  does: 'lists every container and namespace that can be a target',
  more: `The first word of each line is what to type. Looking into a container's network takes root.`,
  examples: ['netdoctor containers', 'sudo netdoctor containers --json'],
  options: [
    json(),
    new Option('--names', 'only what to type, one a line, without names that a shell would read otherwise'),
  ],
  async run({ options, screen, machine }) {
    if (options.names) {
      const { listTargets } = await import('../../targets/target.ts');
      const { candidates } = await listTargets(await machine());
      screen.out(
        candidates
          .map(({ runtime, name }) => `${runtime}:${name}`)
          .filter((name) => TYPED.test(name))
          .map((name) => `${name}\n`)
          .join(''),
      );
      return 0;
    }
    const { takeInventory } = await import('../../discover/inventory.ts');
    const { inhabitants, silent } = await takeInventory(await machine());
    if (options.json) {
      const containers = inhabitants.map(entry);
      screen.out(jsonText({ schema: 'netdoctor/containers/1', containers, silent }));
      return 0;
    }
    const rows = inhabitants.map(row);
    screen.out(
      columnsOf(rows, screen.columns)
        .map((line) => `${line}\n`)
        .join(''),
    );
    if (rows.length === 0) screen.err('No container and no named namespace was found.\n');
    screen.err(notes(silent, screen));
    return 0;
  },
});

/** Names that every shell takes as they are written. */
const TYPED = /^[\w.:@/-]+$/;

const interfacesOf = ({ stack }: Inhabitant) =>
  (stack?.links ?? [])
    .filter(({ kind }) => kind !== 'loopback')
    .map(({ name, kind, ifindex, addresses }) => ({
      name,
      kind,
      ifindex,
      addresses: addresses.map((one) => `${one.address}/${one.prefix}`),
    }));

const entry = (one: Inhabitant) => {
  const { runtime, name, id, state, addresses, networks } = one.candidate;
  const pid = one.target?.pid ?? one.candidate.pid;
  return { runtime, name, id, state, pid, addresses, networks, interfaces: interfacesOf(one) };
};

function row(one: Inhabitant): string[] {
  const { runtime, name, state, networks, addresses } = one.candidate;
  const own = interfacesOf(one).map((link) => [link.name, ...link.addresses.filter(isGlobal)].join(' '));
  return [
    `${plain(runtime)}:${named(name)}`,
    plain(state),
    plain(networks.join(', ')),
    plain(own.length > 0 ? own.join(', ') : addresses.join(', ')),
  ];
}

/** A link-local address is on every IPv6 interface, and tells nobody where it is. */
const isGlobal = (address: string): boolean => !/^fe80:/i.test(address);
