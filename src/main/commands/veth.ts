import type { VethEnd, VethPair } from '../../discover/veth.ts';
import type { Machine } from '../../host/machine.ts';
import { cannotLook, Failure, wrongCall } from '../../model/failure.ts';
import { isPair, type Stack } from '../../model/stack.ts';
import { jsonText } from '../../output/json.ts';
import { columnsOf } from '../../output/line/columns.ts';
import { named, plain } from '../../words/text.ts';
import { command } from '../command.ts';
import { notes } from '../notes.ts';
import { json } from '../options.ts';

export default command({
  name: 'veth',
  takes: '[name]',
  does: 'shows which interface of this host belongs to which container',
  more: 'NAME is a target or an interface of this host; without one, all pairs are shown.',
  examples: ['netdoctor veth', 'netdoctor veth web', 'netdoctor veth veth6a383f2'],
  options: [json()],
  async run({ words, options, screen, machine }) {
    const { takeInventory } = await import('../../discover/inventory.ts');
    const { vethPairs } = await import('../../discover/veth.ts');
    const { readStack } = await import('../../discover/stack.ts');
    const { installLine } = await import('../../host/installing.ts');
    const here = await machine();
    const host = await readStack(here, null);
    if (!host.known)
      throw cannotLook(
        host.because,
        `This host's links could not be read: ${host.detail}.`,
        installLine('ip'),
      );
    const [name] = words;
    const wanted = name === undefined ? undefined : await choose(here, host.value, name);
    const { inhabitants, silent } = await takeInventory(here);
    const pairs = vethPairs(here, host.value, inhabitants).filter((pair) => wanted?.(pair) ?? true);
    if (options.json) screen.out(jsonText({ schema: 'netdoctor/veth/1', pairs, silent }));
    else {
      const arrow = screen.glyphs.ascii ? '<->' : '↔';
      const rows = pairs.map((pair) => row(pair, arrow));
      screen.out(
        columnsOf(rows, screen.columns)
          .map((line) => `${line}\n`)
          .join(''),
      );
      if (rows.length === 0) screen.err('No veth pair was found.\n');
      screen.err(notes(silent, screen));
    }
    return 0;
  },
});

/** What a name picks: the pair of a host interface, or those of a target. @throws Failure */
async function choose(machine: Machine, host: Stack, name: string): Promise<(pair: VethPair) => boolean> {
  const link = host.links.find((one) => one.name === name);
  if (link && !isPair(link))
    throw wrongCall(
      'no-veth',
      `${plain(name)} is no veth; it is a ${plain(link.kind)}.`,
      'netdoctor veth shows all pairs.',
    );
  if (link) return ({ peers }) => peers.some((peer) => peer.where === 'host' && peer.name === name);
  const { findTarget } = await import('../../targets/target.ts');
  try {
    const { runtime, name: own } = await findTarget(machine, name);
    return ({ container }) => container.where === `${runtime}:${own}`;
  } catch (error) {
    if (!(error instanceof Failure) || error.problem.code !== 'unknown-target') throw error;
    throw wrongCall(
      'unknown-name',
      `Neither a target nor an interface of this host is called "${plain(name)}".`,
      'netdoctor veth shows all pairs.',
    );
  }
}

const words = ({ where, name, ifindex }: VethEnd): string =>
  `${where === 'host' ? '' : `${where} `}${name} (${ifindex})`;

function row({ container, found, peers }: VethPair, arrow: string): string[] {
  const other =
    found === 'one' ? words(peers[0]!) : found === 'none' ? 'in no namespace that has a name' : '';
  const several = found === 'ambiguous' ? `ambiguous: ${peers.map(words).join(' or ')}` : '';
  const master = found === 'one' ? peers[0]!.master : null;
  return [
    plain(container.where),
    `${named(container.name)} (${container.ifindex})`,
    plain(container.addresses.join(', ')),
    `${arrow} ${plain(other || several)}`,
    master === null ? '' : `port of ${plain(master)}`,
  ];
}
