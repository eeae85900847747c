/** Who of this host's namespaces owns an address on a bridge. */

import ipaddr from 'ipaddr.js';
import type { Machine } from '../../host/machine.ts';
import type { Netns } from '../../model/netns.ts';
import { isPair, type Link, type Stack } from '../../model/stack.ts';
import { byNsid } from './namespaces.ts';

export interface Owner {
  readonly port: Link;
  readonly netns: Netns;
  /** ifindex of the far end inside its namespace. */
  readonly ifindex: number;
}

/**
 * Local addresses of a namespace, from /proc: no program is run, since a bridge may have a thousand ports. Null where they
 * could not be read.
 */
export function holds(machine: Machine, netns: Netns, address: string): boolean | null {
  if (address.includes(':')) {
    const table = machine.read('/proc/net/if_inet6', netns);
    const wanted = Buffer.from(ipaddr.parse(address).toByteArray()).toString('hex');
    return table.known ? table.value.includes(wanted) : null;
  }
  const trie = machine.read('/proc/net/fib_trie', netns);
  const held = new RegExp(`\\|-- ${address.replaceAll('.', '\\.')}\\n\\s+/32 host LOCAL`);
  return trie.known ? held.test(trie.value) : null;
}

/** The veth of the host (on `bridge` when told) behind which `address` lives. */
export function ownerOf(
  machine: Machine,
  host: Stack,
  address: string,
  bridge: string | null,
): Owner | undefined {
  const ports = host.links.filter(
    (link) => isPair(link) && link.nsid !== null && (bridge === null || link.master === bridge),
  );
  if (ports.length === 0) return undefined;
  const known = byNsid(machine, host.netns);
  for (const port of ports) {
    const netns = known.get(port.nsid!);
    if (netns && holds(machine, netns, address)) return { port, netns, ifindex: port.link ?? port.ifindex };
  }
  return undefined;
}

/**
 * The port by which a bridge leads out of this machine: a card, else the veth behind which its gateway lives; a machine that
 * is a container itself cannot look behind its own, which is then the only one.
 */
export function outletOf(
  machine: Machine,
  host: Stack,
  bridge: string,
  gateway: string | null,
): Link | undefined {
  const card = host.links.find((link) => link.master === bridge && !isPair(link));
  if (card || gateway === null) return card;
  return ownerOf(machine, host, gateway, bridge)?.port ?? hiddenPort(machine, host, bridge, gateway);
}

/** The one port behind which nobody could look, of a bridge by which this machine itself goes to that gateway. */
function hiddenPort(machine: Machine, host: Stack, bridge: string, gateway: string): Link | undefined {
  if (!host.routes.some((route) => route.gateway === gateway && route.dev === bridge)) return undefined;
  const known = byNsid(machine, host.netns);
  const hidden = host.links.filter(({ master, nsid }) => {
    if (master !== bridge || nsid === null) return false;
    const netns = known.get(nsid);
    return netns === undefined || holds(machine, netns, gateway) === null;
  });
  return hidden.length === 1 ? hidden[0] : undefined;
}
