/** Which interface of this host belongs to which interface of a container. */
import type { Machine } from '../host/machine.ts';
import { isPair, type Link, type Stack } from '../model/stack.ts';
import { fullName, type Inhabitant } from './inventory.ts';
import { peerIn } from './path/peer.ts';

export interface VethEnd {
  /** `host`, or the full name of the container. */
  readonly where: string;
  readonly name: string;
  readonly ifindex: number;
  /** The bridge it is a port of. */
  readonly master: string | null;
  readonly addresses: readonly string[];
}

export interface VethPair {
  readonly container: VethEnd;
  /** `one` end found · `ambiguous`: several would fit · `none`: it lives in a namespace that nobody here names. */
  readonly found: 'one' | 'ambiguous' | 'none';
  readonly peers: readonly VethEnd[];
}

/** The pairs of these inhabitants, in their order. `host` is the state of netdoctor's own namespace. */
export function vethPairs(
  machine: Machine,
  host: Stack,
  inhabitants: readonly Inhabitant[],
  all: readonly Inhabitant[] = inhabitants,
): VethPair[] {
  return inhabitants.flatMap((one) =>
    (one.stack?.links ?? []).filter(isPair).map((link) => pairOf(machine, link, one, host, all)),
  );
}

function pairOf(
  machine: Machine,
  link: Link,
  own: Inhabitant,
  host: Stack,
  all: readonly Inhabitant[],
): VethPair {
  const netns = own.stack?.netns ?? null;
  const container = end(fullName(own.candidate), link);
  const outside = peerIn(machine, link, netns, host);
  // Without the namespace's id, as when it goes away at this moment, an equal index may be another's.
  const sure = machine.nsid(netns ?? machine.self, host.netns).known;
  if (outside.found === 'one')
    return { container, found: sure ? 'one' : 'ambiguous', peers: [end('host', outside.link)] };
  if (outside.found === 'ambiguous')
    return { container, found: 'ambiguous', peers: outside.links.map((other) => end('host', other)) };
  const seen = new Set([own.target?.netns.inode]);
  const peers = all.flatMap((other) => {
    // A container and a name in /run/netns can be one namespace.
    const inode = other.target?.netns.inode;
    if (!other.stack || inode === undefined || seen.has(inode)) return [];
    seen.add(inode);
    const peer = peerIn(machine, link, netns, other.stack);
    return peer.found === 'one' ? [end(fullName(other.candidate), peer.link)] : [];
  });
  const found = peers.length === 1 ? 'one' : peers.length === 0 ? 'none' : 'ambiguous';
  return { container, found, peers };
}

const end = (where: string, { name, ifindex, master, addresses }: Link): VethEnd => ({
  where,
  name,
  ifindex,
  master,
  addresses: addresses.filter(({ scope }) => scope === 'global').map((one) => `${one.address}/${one.prefix}`),
});
