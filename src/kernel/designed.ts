/**
 * What somebody has made so on purpose: such a state is no fault, and taking it away no repair. Each answer says who made
 * it and what shows it; undefined where nothing does.
 */

import type { Listener } from '../model/facts.ts';
import { isTunnel } from '../model/path.ts';
import type { Scene } from '../model/scene.ts';
import { type Link, linkNamed, type Route, type RoutingRule, type Stack } from '../model/stack.ts';
import type { Network } from '../model/target.ts';
import { routeName } from './routing.ts';
import { describe } from './tunnel.ts';

export interface Designed {
  /** Who made it: a kind of set-up, or a program. */
  readonly by: string;
  /** What shows it. */
  readonly says: string;
}

/** Daemons that write routes, by the protocol they put on them: /etc/iproute2/rt_protos. */
const DAEMONS = /^(bird|zebra|bgp|ospf|isis|rip|eigrp|babel|openr|xorp|ntk|gated|mrt|keepalived|cilium)$/;

/** Does the tunnel know where its far ends are: one that it was told, or neighbours that somebody has written down? */
function knowsFarEnd(stack: Stack, link: Link): boolean {
  // WireGuard sends to its peers and to nobody else; who they are, `wg` tells.
  if (link.kind === 'wireguard') return true;
  // A tun has carrier while a program has it open (tun_attach() of drivers/net/tun.c), and that one knows whom it serves.
  if (link.kind === 'tun') return link.carrier !== false;
  if (describe(link).remote !== null) return true;
  return stack.neighbours.some(
    (one) => one.dev === link.name && one.mac !== null && one.state.includes('PERMANENT'),
  );
}

/** A route that leads elsewhere than the main way out, and is meant to: a transparent proxy, an overlay, a daemon's route. */
export function designedRoute(stack: Stack, route: Route, rule: RoutingRule | null): Designed | undefined {
  const marked = rule !== null && /\bfwmark\b/.test(rule.text);
  if (route.type === 'local' && marked)
    return {
      by: 'a transparent proxy',
      says: `${routeName(route)} takes what is marked for a program of this host`,
    };
  const link = linkNamed(stack, route.dev);
  if (link && isTunnel(link.kind) && knowsFarEnd(stack, link))
    return {
      by: 'an overlay',
      says: `${routeName(route)} leads into ${link.name}, a ${link.kind} tunnel that knows its far end`,
    };
  if (route.protocol !== null && DAEMONS.test(route.protocol))
    return { by: route.protocol, says: `${routeName(route)} was written by ${route.protocol}` };
  return undefined;
}

/** Docker's options under which a bridge gets no address: docker network create, bridge driver options. */
const ISOLATED = /^com\.docker\.network\.bridge\.gateway_mode_ipv[46]$/;

/** A network whose bridge has no address on purpose: its containers reach each other, and nothing else. */
export function designedWithoutGateway(network: Network | undefined): Designed | undefined {
  if (!network) return undefined;
  const isolated = Object.entries(network.options).find(
    ([key, value]) => ISOLATED.test(key) && value.startsWith('isolated'),
  );
  if (isolated)
    return { by: `the network ${network.name}`, says: `its option ${isolated[0]} is ${isolated[1]}` };
  const inhibited = network.options['com.docker.network.bridge.inhibit_ipv4'] === 'true';
  return inhibited
    ? { by: `the network ${network.name}`, says: 'its option com.docker.network.bridge.inhibit_ipv4 is true' }
    : undefined;
}

/** Devices that hold the addresses of services, not of the host: who puts them there. */
const SERVICES: readonly (readonly [RegExp, string])[] = [
  [/^kube-ipvs\d*$/, "kube-proxy's IPVS mode"],
  [/^nodelocaldns$/, "Kubernetes' NodeLocal DNS"],
  [/^(cali|antrea-|cilium_)/, 'the network plugin of Kubernetes'],
];

/** Nobody carries these from one network into another: RFC 3927, 7; RFC 4291, 2.5.6. */
const LINK_LOCAL = /^(169\.254\.|fe[89ab][0-9a-f]:)/i;

/**
 * An address that a program keeps on this host for a service it serves here: on a device made for that, one that a program
 * of this host has bound to by name, or one that no router would carry anywhere else.
 */
export function designedAddress(
  link: Link,
  address: string,
  listeners: readonly Listener[],
): Designed | undefined {
  const found = SERVICES.find(([name]) => name.test(link.name));
  if (found) return { by: found[1], says: `${link.name} holds the addresses of services` };
  const bound = listeners.find((one) => one.side === 'host' && one.address === address);
  if (bound)
    return {
      by: bound.process ?? 'a program of this host',
      says: `${bound.process ?? 'a program of this host'} listens on ${address}, port ${bound.port}`,
    };
  return LINK_LOCAL.test(address)
    ? { by: 'whoever serves it', says: `${address} is a link-local address: no router carries it elsewhere` }
    : undefined;
}

/** The target's own program reads and writes the frames of its interface: the kernel's stack there is not its stack. */
export function ownStack({ target }: Pick<Scene, 'target'>): Designed | undefined {
  const own = target.ownStack;
  return (
    own && {
      by: own.program ?? 'a program of its own',
      says: `${own.dev} has no address, and ${own.program ?? 'a program'} reads its frames through a packet socket, as gVisor (runsc) does`,
    }
  );
}

/** Links whose neighbours are asked for by ARP, unless somebody switches it off: ether_setup() of net/ethernet/eth.c. */
const ASKS =
  /^(ether|veth|bridge|bond|team|vlan|macvlan|macvtap|vxlan|geneve|gretap|ip6gretap|erspan|ip6erspan|batadv|hsr)$/;

/**
 * Has somebody switched ARP off on it? Tunnels, dummies, VRFs and ipvlans of layer 3 are without it by their nature: they
 * have no neighbours to ask for.
 */
export const isArpOff = ({ kind, noarp, data }: Pick<Link, 'kind' | 'noarp' | 'data'>): boolean =>
  noarp && (ASKS.test(kind) || (kind === 'ipvlan' && data.mode === 'l2'));
