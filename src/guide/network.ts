/** IPv4 networks, as numbers. */
import ipaddr from 'ipaddr.js';

export interface Network {
  /** First address as a 32-bit number. */
  readonly first: number;
  readonly prefix: number;
}

const number = (address: string): number =>
  ipaddr.IPv4.parse(address)
    .toByteArray()
    .reduce((sum, byte) => sum * 256 + byte, 0);

export const dotted = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');

export const isAddress = (text: string): boolean => ipaddr.IPv4.isValidFourPartDecimal(text);

/** The network that this address with this prefix length lies in; null when it is none. */
export function networkOf(text: string): Network | null {
  const [address = '', length = '32', more] = text.split('/');
  const prefix = Number(length);
  if (!isAddress(address) || more !== undefined || !/^\d+$/.test(length) || prefix > 32) return null;
  const size = 2 ** (32 - prefix);
  return { first: Math.floor(number(address) / size) * size, prefix };
}

export const sizeOf = ({ prefix }: Network): number => 2 ** (32 - prefix);
export const cidr = ({ first, prefix }: Network): string => `${dotted(first)}/${prefix}`;

export const overlap = (a: Network, b: Network): boolean =>
  a.first < b.first + sizeOf(b) && b.first < a.first + sizeOf(a);

export const contains = (network: Network, address: string): boolean =>
  overlap(network, { first: number(address), prefix: 32 });

/** The n-th address of a network; negative ones count from its end, the broadcast address being -1. */
export const nth = (network: Network, n: number): string =>
  dotted(network.first + (n < 0 ? sizeOf(network) + n : n));

/** Can a host have this address in this network? Neither the network's own nor its broadcast address. */
export const usable = (network: Network, address: string): boolean =>
  contains(network, address) && address !== nth(network, 0) && address !== nth(network, -1);

export const hosts = (network: Network): number => sizeOf(network) - 2;
