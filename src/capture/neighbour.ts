import ipaddr from 'ipaddr.js';

/** Some other address of the same subnet; null where there is none. Nothing is sent to it. */
export function neighbourOf(address: string, prefix: number): string | null {
  const own = ipaddr.parse(address);
  const bits = own.kind() === 'ipv4' ? 32 : 128;
  if (prefix >= bits - 1) return null;
  const bytes = own.toByteArray();
  const last = bytes.length - 1;
  // The first or the second of the subnet, whichever it is not itself.
  const first = bytes.map((byte, at) => byte & maskAt(at, prefix));
  for (const host of [1, 2]) {
    const other = first.with(last, first[last]! + host);
    if (other.some((byte, at) => byte !== bytes[at])) return ipaddr.fromByteArray(other).toString();
  }
  return null;
}

/** The bits of one byte that belong to the prefix. */
const maskAt = (at: number, prefix: number): number => {
  const kept = Math.min(8, Math.max(0, prefix - at * 8));
  return (0xff << (8 - kept)) & 0xff;
};
