/** Destinations that stand for many: the broadcast address of a network, a multicast group. */
import ipaddr from 'ipaddr.js';
import { holdersLike, type Link, type Stack } from '../model/stack.ts';

/** The broadcast address of an IPv4 subnet; null for /31 and /32, which have none (RFC 3021). */
export function broadcastOf(address: string, prefix: number): string | null {
  return prefix > 30 ? null : ipaddr.IPv4.broadcastAddressFromCIDR(`${address}/${prefix}`).toString();
}

/** The link of whose network this is the broadcast address. */
export const broadcastLink = (stack: Stack, destination: string): Link | undefined =>
  holdersLike(stack, destination).find((link) =>
    link.addresses.some(
      (own) =>
        own.family === 4 && own.scope === 'global' && broadcastOf(own.address, own.prefix) === destination,
    ),
  );

/**
 * A multicast group that routers may carry on: not 224.0.0.0/24 (RFC 5771) nor an IPv6 group of interface or link scope
 * (RFC 4291, 2.7), which stay where they are.
 */
export function isRoutedGroup(address: string): boolean {
  if (address.includes(':')) return /^ff[0-9a-f][3-9a-f]:/i.test(address);
  const first = Number(address.split('.')[0]);
  return first >= 224 && first <= 239 && !address.startsWith('224.0.0.');
}

/** Is it a multicast group of any scope, or everybody on the segment? */
export const isForMany = (address: string): boolean =>
  address.includes(':')
    ? /^ff/i.test(address)
    : address === '255.255.255.255' || /^(22[4-9]|23\d)\./.test(address);

/** Is it for many at once, so that nobody need answer: a group, or the broadcast address of a network of this host's? */
export const standsForMany = (stack: Stack, address: string): boolean =>
  isForMany(address) || broadcastLink(stack, address) !== undefined;
