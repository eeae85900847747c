/**
 * Addresses scrambled so that subnets stay subnets: two addresses that share a prefix share one as long afterwards
 * (Xu et al., Prefix-preserving IP address anonymization, 2002). The key lives as long as the run.
 */
import { createHmac, randomBytes } from 'node:crypto';
import ipaddr from 'ipaddr.js';

const IPV4 = /(?<![\w.])(\d{1,3}(?:\.\d{1,3}){3})(\/\d{1,2})?(?![\w.]*\d)/g;
const IPV6 = /(?<![\w:.])((?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4})(\/\d{1,3})?(?![\w:])/gi;
const MAC = /(?<![\w:])(?:[0-9a-f]{2}:){5}[0-9a-f]{2}(?![\w:])/gi;

/** Leading bits that say what sort of address it is, and tell nothing about whose: they stay. */
const KINDS: readonly [string, number][] = [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['224.0.0.0', 4],
  ['fe80::', 64],
  ['fc00::', 7],
  ['ff00::', 8],
];
/** Addresses that everybody has. */
const EVERYBODYS = /^(0\.0\.0\.0|127\.|255\.255\.255\.255|::1?$)/;

/** @param key any bytes; the same key gives the same replacements. */
export function addressReplacer(key: Uint8Array = randomBytes(16)): (text: string) => string {
  const macs = new Map<string, string>();
  const mac = (found: string): string => {
    const own = found.toLowerCase();
    if (/^(00:){5}00$|^(ff:){5}ff$/.test(own)) return found;
    const hex = (macs.size + 1).toString(16).padStart(4, '0');
    const replacement = macs.get(own) ?? `02:00:00:00:${hex.slice(0, 2)}:${hex.slice(2)}`;
    macs.set(own, replacement);
    return replacement;
  };
  const address = (found: string, text: string, mask = ''): string => {
    if (!ipaddr.isValid(text) || EVERYBODYS.test(text)) return found;
    return scramble(key, text, mask === '' ? null : Number(mask.slice(1))) + mask;
  };
  return (text) => text.replace(MAC, mac).replace(IPV6, address).replace(IPV4, address);
}

function scramble(key: Uint8Array, text: string, prefix: number | null): string {
  const parsed = ipaddr.parse(text);
  const bytes = Uint8Array.from(parsed.toByteArray());
  const kept = KINDS.find(([network, bits]) => isWithin(parsed, network, bits))?.[1] ?? 0;
  const isNetwork = prefix !== null && isZeroFrom(bytes, prefix);
  const out = bytes.slice();
  for (let bit = kept; bit < bytes.length * 8; bit++) {
    const flip = isNetwork && bit >= prefix ? 0 : flips(key, bytes, bit);
    out[bit >> 3]! ^= flip << (7 - (bit & 7));
  }
  return ipaddr.fromByteArray([...out]).toString();
}

const isWithin = (address: ipaddr.IPv4 | ipaddr.IPv6, network: string, bits: number): boolean => {
  const parsed = ipaddr.parse(network);
  return parsed.kind() === address.kind() && address.match(parsed, bits);
};

const bitOf = (bytes: Uint8Array, at: number): number => (bytes[at >> 3]! >> (7 - (at & 7))) & 1;

function isZeroFrom(bytes: Uint8Array, first: number): boolean {
  for (let at = first; at < bytes.length * 8; at++) if (bitOf(bytes, at) === 1) return false;
  return true;
}

/** Whether a bit is turned depends on the bits before it alone: that is what keeps prefixes. */
function flips(key: Uint8Array, bytes: Uint8Array, bit: number): number {
  const before = bytes.slice(0, (bit >> 3) + 1);
  before[bit >> 3]! &= 0xff << (8 - (bit & 7));
  return createHmac('sha256', key).update(Uint8Array.of(bytes.length, bit)).update(before).digest()[0]! & 1;
}
