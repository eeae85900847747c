/** Is an address inside a prefix? Asked by a dozen causes of every route and rule, and a host may have thousands of them. */
import ipaddr from 'ipaddr.js';

type Parsed = ipaddr.IPv4 | ipaddr.IPv6;

/** What has been read is kept: as many as a large host has of them. */
const MOST = 20_000;

const addressOf = once((text): Parsed => ipaddr.parse(text));
/** Read as what it looks like: to try IPv6 first and catch what it throws takes longer than all else. */
const prefixOf = once((text) =>
  text.includes(':') ? ipaddr.IPv6.parseCIDR(text) : ipaddr.IPv4.parseCIDR(text),
);
const plainOf = once((text) => addressOf(text).toString());

/**
 * False across families. `prefix`: CIDR, or a single address, whose length nft leaves out.
 * @throws Error where one of them cannot be read
 */
export function within(address: string, prefix: string): boolean {
  const parsed = addressOf(address);
  if (!prefix.includes('/')) return plainOf(address) === plainOf(prefix);
  const [network, bits] = prefixOf(prefix);
  return parsed.kind() === network.kind() && (parsed as ipaddr.IPv6).match(network as ipaddr.IPv6, bits);
}

/** What cannot be read is not kept, and throws each time. */
function once<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    if (known.size >= MOST) known.clear();
    const value = read(text);
    known.set(text, value);
    return value;
  };
}
