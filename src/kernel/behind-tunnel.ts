/** A next hop that is looked for through a tunnel: ARP and neighbour discovery travel in its outer packets too. */
import { type Hop, isTunnel } from '../model/path.ts';
import type { Scene } from '../model/scene.ts';
import { isUnresolved, type NextHop, nextHop, questions } from './next-hop.ts';
import { outgoing } from './travel.ts';

/** The tunnel by which the questions of this search leave; undefined where they leave by none. */
export const tunnelOf = ({ segment }: Pick<NextHop, 'segment'>): Hop | undefined => {
  const last = segment.hops.at(-1);
  return last && isTunnel(last.kind) ? last : undefined;
};

/** Has somebody else behind it confirmed his address just now (NUD_REACHABLE)? Then the tunnel carries, and the silence is of the one asked for. */
export const isCarrying = ({ stack, dev, address }: NextHop): boolean =>
  stack.neighbours.some(
    (one) => one.dev === dev && one.address !== address && !one.proxy && one.state.includes('REACHABLE'),
  );

export interface InVain {
  readonly hop: NextHop;
  readonly tunnel: Hop;
}

/**
 * The search of a request that entered a tunnel and was answered by nobody: whether the one who is asked for is gone, or the
 * tunnel's far end, it does not tell.
 */
export function askedInVain(scene: Scene): InVain | undefined {
  if (scene.place?.direction !== 'request') return undefined;
  const hop = nextHop(scene, outgoing(scene));
  const tunnel = hop && tunnelOf(hop);
  if (!hop || !tunnel || isCarrying(hop) || !isUnresolved(scene, hop)) return undefined;
  return questions(scene, hop.address).some((one) => one.hop === tunnel.id) ? { hop, tunnel } : undefined;
}
