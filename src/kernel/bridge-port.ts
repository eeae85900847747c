/** The ports of bridges on the path: ends of the containers' pairs, and of cables between two bridges of this host. */
import { linkNow, type Scene } from '../model/scene.ts';
import { isPeer, type Link, linkNamed } from '../model/stack.ts';
import { attachments } from './attachment.ts';
import { isNear, sideName } from './travel.ts';

export interface BridgePort {
  readonly port: Link;
  /** Its hop's id; null where the path has none. */
  readonly portId: string | null;
  readonly bridge: Link | undefined;
  /** The interface at the other end of the pair. */
  readonly link: Link;
  /** Whose end it is, as in “the host's end of the veth of container web”. */
  readonly whose: string;
  /** Do the packets stop at it, or at the other end of its pair? */
  readonly near: boolean;
}

/** The attachments of both ends first, then the cables, in the order of the path. */
export const bridgePorts = (scene: Scene): readonly BridgePort[] => [
  ...attachments(scene).flatMap(({ port, portId, bridge, link, id, side }) =>
    port === undefined
      ? []
      : {
          ...{ port, portId, bridge, link },
          whose: `the host's end of the veth of ${sideName(side)}`,
          near: isNear(scene, portId) || isNear(scene, id),
        },
  ),
  ...cableEnds(scene),
];

/** An end of a cable between two bridges; `belongs`: the bridge on its side of the cable, whether it is a port of it or not. */
export interface CableEnd extends BridgePort {
  readonly belongs: Link | undefined;
}

/** The ends of pairs of which the path has both here, in its order. */
export function cableEnds(scene: Scene): CableEnd[] {
  const { host } = scene.stacks;
  const hops = scene.path.hops.map((hop) => ({
    id: hop.id,
    link: hop.where === 'host' ? linkNow(scene, hop) : undefined,
  }));
  const bridgeOf = (at: number): Link | undefined => {
    const link = hops[at]?.link;
    return link?.kind === 'bridge' ? link : linkNamed(host, link?.master ?? null);
  };
  return hops.slice(1).flatMap(({ link: far }, before) => {
    const near = hops[before]?.link;
    if (!near || !far || near.nsid !== null || !isPeer(near, far)) return [];
    const [first, last] = [before, before + 1];
    const sides = [bridgeOf(first) ?? bridgeOf(first - 1), bridgeOf(last) ?? bridgeOf(last + 1)];
    const whose = `an end of the cable between ${sides.map((one) => one?.name ?? 'no bridge').join(' and ')}`;
    const isHere = [first, last].some((at) => isNear(scene, hops[at]?.id ?? null));
    return [first, last].map((at, index) => ({
      port: index === 0 ? near : far,
      portId: hops[at]?.id ?? null,
      bridge: bridgeOf(at),
      belongs: sides[index],
      link: index === 0 ? far : near,
      whose,
      near: isHere,
    }));
  });
}
