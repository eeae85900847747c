/** Overlay tunnels: the interface on this host, its far end, and what is known of both. */
import type { FdbEntry } from '../model/facts.ts';
import type { Encap, Hop } from '../model/path.ts';
import { isAt, linkNow, type Scene } from '../model/scene.ts';
import type { Link } from '../model/stack.ts';

export interface Tunnel {
  readonly hop: Hop;
  readonly link: Link;
  /** Null where it has none of its own. */
  readonly vni: number | null;
  readonly port: number;
  readonly remote: string | null;
  /** Routes (`encap ip`) and programs say where each packet goes, and by which number: ip-link(8), `external`. */
  readonly external: boolean;
  /** It was the flow's route that said so. */
  readonly byRoute: boolean;
}

const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);

/** An address that the tunnel is given; null where it stands for any. */
export const givenAddress = (value: unknown): string | null =>
  typeof value === 'string' && !/^(any|0\.0\.0\.0|::)$/.test(value) ? value : null;

/** Its own end, where it names one: the address that its outer packets are sent from (IFLA_VXLAN_LOCAL, IFLA_GRE_LOCAL, IFLA_IPTUN_LOCAL). */
export const ownEnd = ({ data }: Pick<Link, 'data'>): string | null =>
  givenAddress(data.local) ?? givenAddress(data.local6);

/** IANA's port for VXLAN (RFC 7348); Linux' own default is 8472. */
const VXLAN_PORT = 4789;

/** What the flow's own route says of the tunnel, where it leads into this one. */
export function encapOf({ path, flow }: Pick<Scene, 'path' | 'flow'>, link: Link): Encap | undefined {
  const decision = flow.from === 'host' ? path.sourceRoute : path.hostRoute;
  return decision?.dev === link.name ? decision.encap : undefined;
}

/** `encap`: of the route that leads into it. */
export function describe(link: Link, encap?: Encap): Omit<Tunnel, 'hop'> {
  const { remote, remote6, group, group6 } = link.data;
  const external = link.data.external === true;
  return {
    link,
    external,
    byRoute: external && encap !== undefined,
    vni: external ? (encap?.id ?? null) : number(link.data.id),
    port: number(link.data.port) ?? VXLAN_PORT,
    remote:
      [remote, remote6, group, group6, external ? encap?.destination : null]
        .map(givenAddress)
        .find((one) => one !== null) ?? null,
  };
}

/** The tunnel at which the request stops, or behind which nothing answers. */
export function tunnelAt(scene: Scene): Tunnel | undefined {
  const hop = scene.path.hops.find((one) => (linkNow(scene, one)?.kind ?? one.kind) === 'vxlan');
  const link = hop && linkNow(scene, hop);
  if (!hop || !link || scene.place === null || scene.place.direction !== 'request') return undefined;
  const { after, before } = scene.place;
  const behind = isAt(scene, 'beyond') && (after === hop || scene.path.hops.indexOf(hop) < scene.place.index);
  return behind || before?.id === hop.id || after?.id === hop.id
    ? { hop, ...describe(link, encapOf(scene, link)) }
    : undefined;
}

/** The entry that takes what has none of its own. */
const ANY_MAC = '00:00:00:00:00:00';

/** Addresses to which the flow goes next, as those around may know them. */
const nextOnes = ({ path, flow }: Scene): ReadonlySet<string> =>
  new Set(
    [
      flow.address,
      path.realDestination,
      ...[path.sourceRoute, path.hostRoute].map((decision) => decision?.gateway),
    ].filter((address) => typeof address === 'string'),
  );

type NamesEnd = FdbEntry & { readonly dst: string };

/** Forwarding entries of the tunnel that name a host. */
export const namedEnds = (tunnel: Tunnel, fdb: readonly FdbEntry[]): NamesEnd[] =>
  fdb.filter((entry): entry is NamesEnd => entry.dev === tunnel.link.name && entry.dst !== null);

/**
 * Far ends to which the forwarding entries lead the flow: by the hardware address of the next one, where that is known and has
 * an entry of its own, else with all that has none, as every question for it (vxlan_xmit() of drivers/net/vxlan/vxlan_core.c).
 */
export function farEnds(scene: Scene, tunnel: Tunnel, fdb: readonly FdbEntry[]): string[] {
  const next = nextOnes(scene);
  const { container, host, other } = scene.stacks;
  const known = [container, host, ...(other ? [other] : [])].flatMap(({ neighbours }) =>
    neighbours.flatMap(({ address, mac, state }) =>
      next.has(address) && mac !== null && !state.includes('FAILED') ? [mac] : [],
    ),
  );
  const named = namedEnds(tunnel, fdb);
  const own = named.filter(({ mac }) => mac !== ANY_MAC && known.includes(mac));
  return (own.length > 0 ? own : named.filter(({ mac }) => mac === ANY_MAC)).map(({ dst }) => dst);
}
