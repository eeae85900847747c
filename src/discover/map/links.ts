/** One namespace's links as the map shows them. */

import type { BriefLink } from '../../host/machine.ts';
import type { MapLink } from '../../model/map.ts';
import { isPair } from '../../model/stack.ts';
import type { Resident } from './residents.ts';

export interface Household {
  readonly resident: Resident;
  readonly links: readonly BriefLink[];
  /** Names of those by which a default route leaves. */
  readonly outward: ReadonlySet<string>;
}

/** What is in the same namespace is joined here: ports to their bridge, a VLAN or tunnel to what it is built upon. */
export function linkOf({ resident, links, outward }: Household): MapLink[] {
  const namespace = resident.shown.id;
  const id = (link: BriefLink): string => `${namespace}/${link.name}`;
  const ids = new Map(links.map((link) => [link.ifindex, id(link)]));
  const here = (ifindex: number | null): string | null =>
    (ifindex === null ? undefined : ids.get(ifindex)) ?? null;
  return links.map((link) => ({
    id: ids.get(link.ifindex)!,
    namespace,
    name: link.name,
    ifindex: link.ifindex,
    kind: link.kind,
    up: link.up,
    addresses: link.addresses,
    master: here(link.master),
    peer: null,
    over: isPair(link) || link.nsid !== null ? null : here(link.link),
    uplink: outward.has(link.name) || (namespace === 'host' && link.kind === 'ether'),
  }));
}
