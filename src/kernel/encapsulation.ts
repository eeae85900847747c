/** How long a packet is once a tunnel has put it into an outer one. */

const IPV4 = 20;
const IPV6 = 40;
const ETHERNET = 14;
const UDP = 8;
/** Header, receiver index and counter, and the tag behind the padded packet: the WireGuard paper, 5.4.6. */
const WIREGUARD = UDP + 16 + 16;

/** GRE's header with none, one, two or all of checksum, key and sequence number: RFC 2890. */
const GRE = [4, 8, 12, 16];

/** Bytes between the outer IP header and the inner one, by the kind of tunnel; of a tunnel of frames their header too. */
const BETWEEN: Readonly<Record<string, readonly number[]>> = {
  ipip: [0],
  sit: [0],
  ip6tnl: [0, 8],
  gre: GRE,
  ip6gre: GRE,
  gretap: GRE.map((bytes) => bytes + ETHERNET),
  ip6gretap: GRE.map((bytes) => bytes + ETHERNET),
  vxlan: [UDP + 8 + ETHERNET],
  geneve: [UDP + 8 + ETHERNET],
  wireguard: [WIREGUARD],
};

/** Bytes between the outer IP header and the inner one, each that there may be; none for a kind that is not known, or that cannot be read. */
export const innerOffsets = (kind: string): readonly number[] =>
  kind === 'wireguard' ? [] : (BETWEEN[kind] ?? []);

/** IP lengths that the outer packet may have; none for a kind that is not known. Bytes. */
export function outerLengths(kind: string, inner: number): number[] {
  // WireGuard pads to sixteen bytes.
  const padded = kind === 'wireguard' ? Math.ceil(inner / 16) * 16 : inner;
  return (BETWEEN[kind] ?? []).flatMap((bytes) => [padded + bytes + IPV4, padded + bytes + IPV6]);
}
