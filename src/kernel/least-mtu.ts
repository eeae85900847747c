/** The least MTU on which a protocol runs: below it the kernel takes the protocol, and its addresses, off the interface. */
import type { Family } from '../model/flow.ts';
import type { Link } from '../model/stack.ts';

/**
 * In bytes. IPv6: RFC 8200, section 5, and IPV6_MIN_MTU in addrconf_notify() of net/ipv6/addrconf.c; IPv4: RFC 791,
 * section 3.2, and inetdev_valid_mtu() of net/ipv4/devinet.c.
 */
export const LEAST_MTU: Readonly<Record<Family, number>> = { 4: 68, 6: 1280 };

/** Is the interface too small for the protocol? Its addresses are gone then, and come back with no greater MTU alone. */
export const isTooSmall = ({ mtu }: Pick<Link, 'mtu'>, family: Family): boolean => mtu < LEAST_MTU[family];

/** `its MTU 1200 is below 1280, the least on which IPv6 runs`. */
export const tooSmall = ({ mtu }: Pick<Link, 'mtu'>, family: Family): string =>
  `its MTU ${mtu} is below ${LEAST_MTU[family]}, the least on which IPv${family} runs`;
