/** From the words of a capture to what is listened to: the target, its hops, their filters, and how a file of them begins. */
import { parseTable } from '../discover/parse/conntrack.ts';
import { readStacks } from '../discover/path.ts';
import { ask } from '../host/ask.ts';
import type { Machine } from '../host/machine.ts';
import { cannotLook } from '../model/failure.ts';
import type { Target } from '../model/target.ts';
import { LINK } from '../pcapng/content.ts';
import { findTarget } from '../targets/target.ts';
import { plain } from '../words/text.ts';
import { Claims } from './claims.ts';
import { filterAt } from './filter.ts';
import { allEthernet } from './listen.ts';
import type { CaptureQuestion, Listens } from './question.ts';
import { type Head, namesOf, writtenBy } from './save/head.ts';
import { chosen, spotsOf } from './spots.ts';

export interface Prepared extends Listens {
  readonly target: Target;
  readonly claims: Claims;
  readonly head: Head;
}

/** @throws Failure for a target or hop that is none, and where nothing can be captured */
export async function prepare(machine: Machine, asked: CaptureQuestion): Promise<Prepared> {
  const target = await findTarget(machine, asked.target);
  const stacks = await readStacks(machine, target);
  const spots = chosen(await spotsOf(machine, target, stacks), asked.hops);
  if (spots.length === 0)
    throw cannotLook(
      'no-interface',
      `${plain(target.name)} has no interface with an address at which anything could be captured.`,
      'netdoctor containers lists what each target has.',
    );
  const links = stacks.container.links.filter(({ kind }) => kind !== 'loopback');
  const addresses = links.flatMap((link) => link.addresses.map(({ address }) => address));
  const macs = links.flatMap(({ mac }) => (mac === null ? [] : [mac]));
  const ethernet = allEthernet(spots);
  const filters = spots.map((spot) =>
    filterAt(spot, { filter: asked.filter, addresses, macs, ports: target.ports, ethernet }),
  );
  const claims = new Claims(addresses, target.ports);
  if (spots.some(({ passes }) => passes === 'translated')) await readTracked(machine, addresses, claims);
  const link = ethernet ? LINK.ethernet : LINK.cooked2;
  const interfaces = spots
    .filter(({ hidden }) => !hidden)
    .map((spot, at) => ({
      name: spot.label,
      description: spot.about,
      addresses: spot.addresses,
      filter: filters[at]!.applies ? filters[at]!.filter : null,
      comments: filters[at]!.says === null ? [] : [filters[at]!.says],
    }));
  const head = {
    ...writtenBy(machine),
    interfaces,
    link,
    snaplen: asked.snaplen,
    names: namesOf(target, addresses),
  };
  return { target, spots, filters, own: new Set(addresses), link, claims, head };
}

/** The connections of the target that stand already; of new ones its own interfaces tell. Source: conntrack(8). */
async function readTracked(machine: Machine, addresses: readonly string[], claims: Claims): Promise<void> {
  const family = (address: string): string => (address.includes(':') ? 'ipv6' : 'ipv4');
  const lists = addresses
    .filter((address) => !/^fe80:/.test(address))
    .flatMap((address) =>
      ['--orig-src', '--reply-src'].map((side) =>
        ask(machine, ['conntrack', '-L', '-f', family(address), side, address]),
      ),
    );
  for (const answer of await Promise.all(lists)) if (answer.known) claims.read(parseTable(answer.value));
}
