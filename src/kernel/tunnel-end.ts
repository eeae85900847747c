/** Whether the host still holds a tunnel's own end. */
import type { FdbEntry } from '../model/facts.ts';
import { type Hop, isTunnel } from '../model/path.ts';
import { linkNow, type Scene } from '../model/scene.ts';
import { isLocalAddress, type Link, linkByIndex, linkNamed, type Stack } from '../model/stack.ts';
import { decide, longestMatch } from './routing.ts';
import { describe, encapOf, namedEnds, ownEnd } from './tunnel.ts';

export interface LostEnd {
  readonly hop: Hop;
  readonly link: Link;
  /** The address that it is to send from, which the host does not hold. */
  readonly local: string;
  /** The interface by which its packets leave; undefined where nothing tells. */
  readonly outer: Link | undefined;
  /** Addresses of that interface that it could send from. */
  readonly now: readonly string[];
}

/** As __ip_dev_find() (net/ipv4/devinet.c) looks for it: an address of an interface, or what a local route takes in. */
function holds(stack: Stack, own: string): boolean {
  const family = own.includes(':') ? 6 : 4;
  const packet = { family, destination: own, source: null, iif: null } as const;
  return isLocalAddress(stack, own) || longestMatch(stack, 'local', packet)?.type === 'local';
}

/** By its own device, or by the way to its far end. */
function outerLink(stack: Stack, link: Link, to: string | undefined, family: 4 | 6): Link | undefined {
  if (link.link !== null) return linkByIndex(stack, link.link);
  if (to === undefined) return undefined;
  const found = decide(stack, { family, destination: to, source: null, iif: null });
  return found.kind === 'route' ? linkNamed(stack, found.route.dev) : undefined;
}

/** The first tunnel of the host on the flow's way whose own end the host does not hold. */
export function lostEnd(scene: Scene, fdb: readonly FdbEntry[]): LostEnd | undefined {
  const { host } = scene.stacks;
  for (const hop of scene.path.hops) {
    const link = hop.where === 'host' ? linkNow(scene, hop) : undefined;
    // The outer packets of one that was moved here belong to the namespace in which it was made.
    if (!link || !isTunnel(link.kind) || link.nsid !== null) continue;
    const encap = encapOf(scene, link);
    const local = ownEnd(link) ?? encap?.source ?? null;
    if (local === null || holds(host, local)) continue;
    const family = local.includes(':') ? 6 : 4;
    const tunnel = { hop, ...describe(link, encap) };
    const to = tunnel.remote ?? namedEnds(tunnel, fdb)[0]?.dst;
    const outer = outerLink(host, link, to, family);
    const now = (outer?.addresses ?? [])
      .filter((one) => one.family === family && one.scope === 'global')
      .map((one) => one.address);
    return { hop, link, local, outer, now };
  }
  return undefined;
}
