/** In which order a program gets addresses: RFC 6724 as glibc (posix/getaddrinfo.c) and musl (lookup_name.c) follow it. */
import ipaddr from 'ipaddr.js';
import type { Library } from '../model/look-up.ts';

/** The address the kernel would use towards a destination, with its prefix length; null where no route leads there. */
export type SourceOf = (destination: string) => { readonly address: string; readonly prefix: number } | null;

interface Policy {
  readonly prefix: string;
  readonly precedence: number;
  readonly label: number;
}

const GLIBC: readonly Policy[] = [
  { prefix: '::1/128', precedence: 50, label: 0 },
  { prefix: '::ffff:0:0/96', precedence: 10, label: 4 },
  { prefix: '::/96', precedence: 20, label: 3 },
  { prefix: '2002::/16', precedence: 30, label: 2 },
  { prefix: '2001::/32', precedence: 40, label: 7 },
  { prefix: 'fec0::/10', precedence: 40, label: 5 },
  { prefix: 'fc00::/7', precedence: 40, label: 6 },
  { prefix: '::/0', precedence: 40, label: 1 },
];

const MUSL: readonly Policy[] = [
  { prefix: '::1/128', precedence: 50, label: 0 },
  { prefix: '::ffff:0:0/96', precedence: 35, label: 4 },
  { prefix: '2002::/16', precedence: 30, label: 2 },
  { prefix: '2001::/32', precedence: 5, label: 5 },
  { prefix: 'fc00::/7', precedence: 3, label: 13 },
  { prefix: '::/0', precedence: 40, label: 1 },
];

const bytes = (address: string): number[] => {
  const parsed = ipaddr.parse(address.replace(/%.*/, ''));
  return parsed.kind() === 'ipv4'
    ? [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, ...parsed.toByteArray()]
    : parsed.toByteArray();
};

/** How many leading bits two addresses share. */
function shared(one: readonly number[], other: readonly number[]): number {
  for (let bit = 0; bit < 128; bit++)
    if ((((one[bit >> 3] ?? 0) ^ (other[bit >> 3] ?? 0)) & (128 >> (bit & 7))) !== 0) return bit;
  return 128;
}

const policyOf = (table: readonly Policy[], address: readonly number[]): Policy =>
  table.find(({ prefix }) => {
    const [base = '', length] = prefix.split('/');
    return shared(ipaddr.parse(base).toByteArray(), address) >= Number(length);
  })!;

const isV4 = (address: readonly number[]): boolean => shared(address, bytes('0.0.0.0')) >= 96;

function scopeOf(address: readonly number[], library: Library): number {
  if (isV4(address))
    return library === 'glibc' && (address[12] === 127 || (address[12] === 169 && address[13] === 254))
      ? 2
      : 14;
  if (address[0] === 255) return (address[1] ?? 0) & 15;
  if (address[0] === 254 && ((address[1] ?? 0) & 0xc0) === 0x80) return 2;
  if (address[0] === 254 && ((address[1] ?? 0) & 0xc0) === 0xc0) return 5;
  return shared(address, bytes('::1')) === 128 ? 2 : 14;
}

/** Greater is better, compared from the left. */
function rank(address: string, sourceOf: SourceOf, library: Library): number[] {
  const table = library === 'glibc' ? GLIBC : MUSL;
  const own = bytes(address);
  const { precedence, label } = policyOf(table, own);
  const scope = scopeOf(own, library);
  const source = sourceOf(address);
  if (!source) return [0, 0, 0, precedence, -scope, 0];
  const from = bytes(source.address);
  const common = shared(own, from);
  const inSubnet = common >= 96 + source.prefix;
  // glibc compares prefixes of IPv4 within a subnet only: elsewhere they say nothing (RFC 6724 section 6, rule 9).
  const near = library === 'glibc' && isV4(own) && !inSubnet ? 0 : common;
  return [
    1,
    Number(scope === scopeOf(from, library)),
    Number(label === policyOf(table, from).label),
    precedence,
    -scope,
    near,
  ];
}

/** Stable: of equals the servers' own order stays. musl leaves IPv4 alone as it came. */
export function ordered(addresses: readonly string[], sourceOf: SourceOf, library: Library): string[] {
  if (library === 'musl' && addresses.every((one) => !one.includes(':'))) return [...addresses];
  return addresses
    .map((address) => ({ address, rank: rank(address, sourceOf, library) }))
    .sort((a, b) => {
      const differs = a.rank.findIndex((value, at) => value !== b.rank[at]);
      if (differs < 0) return 0;
      // Rule 9 compares addresses of one family only.
      if (library === 'glibc' && differs === 5 && a.address.includes(':') !== b.address.includes(':'))
        return 0;
      return (b.rank[differs] ?? 0) - (a.rank[differs] ?? 0);
    })
    .map(({ address }) => address);
}
