/** A next hop that nobody is asked for, since the device may send no question. */
import type { Sysctls } from '../model/facts.ts';
import type { Scene } from '../model/scene.ts';
import { isMissing, type NextHop, questions } from './next-hop.ts';

/**
 * The setting that says how many questions go out for an address that is not known: multicast by NDP, broadcast by ARP; or how
 * often a program is asked.
 */
export const solicitsKey = (
  family: 4 | 6,
  dev: string,
  name: 'mcast_solicit' | 'app_solicit' = 'mcast_solicit',
): string => `net.ipv${family}.neigh.${dev}.${name}`;

/** As the kernel sets it: neigh_parms of arp_tbl (net/ipv4/arp.c) and nd_tbl (net/ipv6/ndisc.c). */
export const SOLICITS = '3';

/**
 * May the sender ask nobody for this next hop, and did not? Where neither packets nor a program (app_solicit) are to be tried,
 * the entry fails at once, and with it what waited for it: __neigh_event_send(), net/core/neighbour.c.
 */
export const isUnasked = (scene: Scene & { readonly sysctls: Sysctls }, hop: NextHop): boolean =>
  isMissing(hop) &&
  questions(scene, hop.address).length === 0 &&
  (['mcast_solicit', 'app_solicit'] as const).every(
    (name) => scene.sysctls[hop.side][solicitsKey(scene.flow.family, hop.dev, name)] === '0',
  );
