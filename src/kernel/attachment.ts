/** How the namespaces of the path hang on this host: interface, veth end, bridge. */
import type { Side } from '../model/facts.ts';
import type { Family } from '../model/flow.ts';
import type { Hop } from '../model/path.ts';
import type { Scene } from '../model/scene.ts';
import {
  type Address,
  holdersLike,
  isPeer,
  type Link,
  linkByIndex,
  linkHolding,
  linkNamed,
  peerIndex,
  type Stack,
} from '../model/stack.ts';
import { within } from './nat.ts';

export interface Attachment {
  readonly side: Exclude<Side, 'host'>;
  readonly stack: Stack;
  readonly link: Link;
  /** Hop ids, which exist where the path has them. */
  readonly id: string;
  readonly port: Link | undefined;
  readonly portId: string | null;
  readonly bridge: Link | undefined;
}

type Seen = Pick<Scene, 'path' | 'stacks' | 'target'>;

/** The host's end of a veth: each end names the other's ifindex, and the kernel names none where both are equal. */
export function veth(host: Stack, link: Link): Link | undefined {
  const end = linkByIndex(host, peerIndex(link));
  return end && isPeer(end, link) ? end : undefined;
}

/** Fallback devices that the kernel puts into every namespace. */
const FALLBACK =
  /^(tunl0|gre0|gretap0|erspan0|ip_vti0|ip6_vti0|sit0|ip6tnl0|ip6gre0|bond0|dummy0|ifb[01]|teql0)$/;

/** Interfaces a packet could leave by: not lo, and not what the kernel makes by itself. */
export const realLinks = (stack: Stack): readonly Link[] =>
  stack.links.filter((link) => link.kind !== 'loopback' && !FALLBACK.test(link.name));

function linkOf(scene: Seen, side: Attachment['side'], stack: Stack): Link | undefined {
  // Behind the namespace of an overlay the other container is not the first of the others.
  const here = (one: Hop): boolean =>
    side === 'container' || !one.netns || !stack.netns || one.netns.inode === stack.netns.inode;
  const hop = scene.path.hops.find((one) => one.where === side && one.kind !== 'loopback' && here(one));
  const ends = [scene.path.sourceAddress, scene.path.realDestination];
  return (
    (hop && (linkNamed(stack, hop.name) ?? hop.link)) ??
    realLinks(stack).find((link) => link.addresses.some((own) => ends.includes(own.address))) ??
    realLinks(stack)[0]
  );
}

export function attachment(scene: Seen, side: Attachment['side']): Attachment | undefined {
  const stack = scene.stacks[side];
  const link = stack && linkOf(scene, side, stack);
  return stack && link ? attachmentBy(scene, side, stack, link) : undefined;
}

/** That of another interface of it than the path crosses. */
export function attachmentBy(scene: Seen, side: Attachment['side'], stack: Stack, link: Link): Attachment {
  const port = veth(scene.stacks.host, link);
  const hop = scene.path.hops.find((one) => one.where === 'host' && one.name === port?.name);
  return {
    side,
    stack,
    link,
    id: `${side}/${link.name}`,
    port,
    portId: hop?.id ?? null,
    bridge: linkNamed(scene.stacks.host, port?.master ?? null),
  };
}

/** The attachments of both ends, as far as they live on this host. */
export const attachments = (scene: Seen): readonly Attachment[] =>
  (['container', 'other'] as const).flatMap((side) => attachment(scene, side) ?? []);

/** Addresses of a family that can be a source beyond the link. */
export const usable = (link: Link, family: Family): readonly Address[] =>
  link.addresses.filter(
    (own) =>
      own.family === family &&
      own.scope !== 'host' &&
      !(family === 6 && own.scope === 'link') &&
      !own.flags.includes('dadfailed') &&
      !own.flags.includes('tentative'),
  );

/** The address on the host's link in whose subnet `address` lies. */
export const covering = (link: Link, address: string): Address | undefined =>
  link.addresses.find((own) => within(address, `${own.address}/${own.prefix}`));

/**
 * The gateway this interface should use, from evidence alone: the bridge's own address in the container's subnet, or
 * what the runtime says. Undefined where nothing tells.
 */
export function gatewayOf(scene: Seen, at: Attachment, family: Family): string | undefined {
  const own = at.link.addresses.find((one) => one.family === family && one.scope !== 'link');
  const named = scene.target.networks
    .filter((network) => at.side === 'container' && (!own || network.addresses.includes(own.address)))
    .flatMap((network) => network.gateways)
    .find((gateway) => gateway.includes(':') === (family === 6));
  const bridged = at.bridge?.addresses.find(
    (one) =>
      one.family === family &&
      one.scope !== 'link' &&
      (!own || within(own.address, `${one.address}/${one.prefix}`)),
  );
  return named ?? bridged?.address;
}

/** The bridge of the host that holds an address in the same subnet as `address`. */
export const bridgeHolding = (host: Stack, address: string): Link | undefined =>
  holdersLike(host, address).find((link) => link.kind === 'bridge' && covering(link, address) !== undefined);

/** A bridge without an address is known by the path's other end, where that is of the same subnet and hangs on it. */
export const bridgeOfNeighbour = (scene: Seen, at: Attachment): Link | undefined =>
  attachments(scene).find(
    ({ side, bridge, link }) =>
      side !== at.side &&
      bridge &&
      at.link.addresses.some((own) => own.scope !== 'link' && covering(link, own.address)),
  )?.bridge;

/** Who of the namespaces of the path holds this address. */
export const holder = (
  scene: Pick<Scene, 'stacks'>,
  address: string,
): { side: Side; link: Link } | undefined =>
  (['container', 'host', 'other'] as const)
    .flatMap((side) => {
      const stack = scene.stacks[side];
      const link = stack && linkHolding(stack, address);
      return link ? [{ side, link }] : [];
    })
    .at(0);

/** Devices behind which there is no wire. */
const INNER = /^(bridge|dummy|loopback|vrf)$/;

/**
 * A bridge, a port of one, or the like: what leads to containers and not out of the machine. A VRF is no port's master: its
 * interfaces stay what they are.
 */
export const isContainerLink = (link: Pick<Link, 'kind' | 'master' | 'portOf'>): boolean =>
  INNER.test(link.kind) || (link.master !== null && link.portOf !== 'vrf');
