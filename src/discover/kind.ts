import type { Unknown } from '../model/evidence.ts';
import type { Link, Stack } from '../model/stack.ts';

/** One kind of link, as the path shows it. */
export interface HopKind {
  /** `veth`, `bridge`, `macvlan`, … as the kernel calls it (IFLA_INFO_KIND). */
  readonly kind: string;
  /** A few words for the screen. */
  about(link: Link, stack: Stack): string;
  /** What nobody on this host can see of what passes it; said where packets are lost behind it. */
  hides?(link: Link, stack: Stack): Unknown;
}

export const hopKind = (definition: HopKind): HopKind => definition;

/** `10.88.0.1/24`, or a few words where the link has no address. */
export const addressesOf = (link: Link): string =>
  link.addresses
    .filter((address) => address.scope !== 'link' || link.addresses.length === 1)
    .map((address) => `${address.address}/${address.prefix}`)
    .join(', ') || 'no address';
