/**
 * What a rule of nft's family bridge asks of a frame's own bytes: by name, or raw as `@nh,528,48` (nft(8), payload expressions).
 * Every name is a place in a header too, and so a captured frame tells whether it has what is asked.
 */
import ipaddr from 'ipaddr.js';

/** A place in a frame, in bits from the beginning of the link's, the network's or the transport's header. */
export interface Field {
  readonly base: 'll' | 'nh' | 'th';
  readonly offset: number;
  readonly length: number;
}

/** One that is asked, in so many words, and what nft has the frame be before it looks there. */
export interface Asked {
  readonly field: Field;
  readonly words: number;
  readonly protocol: 'arp' | 'ip6' | 'vlan' | null;
}

export const ETHER_TYPE: Field = { base: 'll', offset: 96, length: 16 };

const PTYPE: Field = { base: 'nh', offset: 16, length: 16 };

const NAMED: Readonly<Record<string, Field>> = {
  'ether daddr': { base: 'll', offset: 0, length: 48 },
  'ether saddr': { base: 'll', offset: 48, length: 48 },
  'ether type': ETHER_TYPE,
  'meta protocol': ETHER_TYPE,
  'vlan id': { base: 'll', offset: 116, length: 12 },
  // RFC 826, between an Ethernet and IPv4.
  'arp htype': { base: 'nh', offset: 0, length: 16 },
  'arp ptype': PTYPE,
  'arp operation': { base: 'nh', offset: 48, length: 16 },
  'arp saddr ether': { base: 'nh', offset: 64, length: 48 },
  'arp saddr ip': { base: 'nh', offset: 112, length: 32 },
  'arp daddr ether': { base: 'nh', offset: 144, length: 48 },
  'arp daddr ip': { base: 'nh', offset: 192, length: 32 },
  // RFC 8200 and RFC 4861.
  'ip6 hoplimit': { base: 'nh', offset: 56, length: 8 },
  'ip6 saddr': { base: 'nh', offset: 64, length: 128 },
  'ip6 daddr': { base: 'nh', offset: 192, length: 128 },
  'icmpv6 taddr': { base: 'th', offset: 64, length: 128 },
};

const RAW = /^@(ll|nh|th),(\d+),(\d+)$/;

/** What begins at this word; undefined where it is none of a frame's bytes. */
export function fieldAt(all: readonly string[], index: number): Asked | undefined {
  const [, base, offset, length] = RAW.exec(all[index] ?? '') ?? [];
  if (base)
    return {
      field: { base: base as Field['base'], offset: Number(offset), length: Number(length) },
      words: 1,
      protocol: null,
    };
  for (const words of [3, 2]) {
    const name = all.slice(index, index + words).join(' ');
    const field = NAMED[name];
    const protocol = /^icmpv6 /.test(name) ? 'ip6' : /^(arp|ip6|vlan) /.exec(name)?.[1];
    if (field) return { field, words, protocol: (protocol as Asked['protocol']) ?? null };
  }
  return undefined;
}

const TYPES: Readonly<Record<string, number>> = {
  ip: 0x0800,
  arp: 0x0806,
  vlan: 0x8100,
  ip6: 0x86dd,
  '8021ad': 0x88a8,
};
const OPERATIONS: Readonly<Record<string, number>> = { request: 1, reply: 2 };

/** A number, a MAC address or an address, and how many bits of it count; undefined for what is written otherwise. */
function read(word: string, { length, ...at }: Field): { value: bigint; bits: number } | undefined {
  if (/^(0x[\da-f]+|\d+)$/i.test(word)) return { value: BigInt(word), bits: length };
  if (/^([\da-f]{2}:){5}[\da-f]{2}$/i.test(word))
    return { value: BigInt(`0x${word.replaceAll(':', '')}`), bits: length };
  const [address = '', prefix = String(length)] = word.split('/');
  if (ipaddr.isValid(address) && /[.:]/.test(address) && /^\d+$/.test(prefix)) {
    const bytes = ipaddr.parse(address).toByteArray();
    return bytes.length * 8 === length ? { value: joined(bytes), bits: Number(prefix) } : undefined;
  }
  const names = at.base === 'll' || at.offset === PTYPE.offset ? TYPES : OPERATIONS;
  const named = Object.hasOwn(names, word) ? names[word] : undefined;
  return named === undefined ? undefined : { value: BigInt(named), bits: length };
}

const joined = (bytes: Iterable<number>): bigint => {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return value;
};

/** Bits from the beginning of each header: Ethernet without tags, IPv6 without headers between. */
function startOf(base: Field['base'], frame: Uint8Array): number | undefined {
  const type = joined(frame.subarray(12, 14));
  if (base === 'll') return 0;
  if (type === BigInt(TYPES.vlan!)) return undefined;
  if (base === 'nh') return 14 * 8;
  return type === BigInt(TYPES.ip6!) && frame[20] === 58 ? (14 + 40) * 8 : undefined;
}

/** Has the frame this value there? `0x10`, `02:…:01`, `10.88.0.0/24`, `1-5`, each behind `mask&`; null: that cannot be said. */
export function frameHas(frame: Uint8Array, field: Field, asked: string): boolean | null {
  const [mask, word] = asked.includes('&') ? (asked.split('&') as [string, string]) : [null, asked];
  const start = startOf(field.base, frame);
  if (start === undefined) return null;
  const from = start + field.offset;
  const end = from + field.length;
  // The rule is passed over where a frame ends before it: NFT_BREAK, nft_payload_eval().
  if (Math.ceil(end / 8) > frame.length) return null;
  const first = Math.floor(from / 8);
  const all = joined(frame.subarray(first, Math.ceil(end / 8)));
  let own = (all >> BigInt(Math.ceil(end / 8) * 8 - end)) & ((1n << BigInt(field.length)) - 1n);
  const by = mask === null ? undefined : read(mask, field);
  if (mask !== null && !by) return null;
  if (by) own &= by.value;
  const range = word.split('-').map((one) => read(one, field));
  const [least, most] = range;
  if (!least || range.length > 2) return null;
  if (range.length === 2) return most ? least.value <= own && own <= most.value : null;
  const cut = BigInt(Math.max(0, field.length - least.bits));
  return own >> cut === least.value >> cut;
}
