/** What a socket writes into the headers of what it sends, beside its ends: ip(7), ipv6(7), socket(7). */
import { errnoName, libc } from './libc.ts';

export interface Stamp {
  readonly kind: 'icmp' | 'tcp' | 'udp' | 'syn';
  readonly family: 4 | 6;
  readonly ttl?: number;
  readonly tos?: number;
  readonly mark?: number;
}

/** Level and name of each: IP_TTL, IP_TOS; IPV6_UNICAST_HOPS, IPV6_TCLASS; SO_MARK. */
const TTL = { 4: [0, 2], 6: [41, 16] } as const;
const TOS = { 4: [0, 1], 6: [41, 67] } as const;
const MARK = [1, 36] as const;
/** IP_MULTICAST_TTL, IPV6_MULTICAST_HOPS: without it a group's packet ends at the first router. */
const GROUP_TTL = { 4: [0, 33], 6: [41, 18] } as const;
/** What is sent to one machine begins with as much: net.ipv4.ip_default_ttl. */
const USUAL = 64;

/** The errno name of what was refused; null where all is set. */
export function stamp(fd: number, { kind, family, ttl, tos, mark }: Stamp): string | null {
  const wanted: (readonly [where: readonly [number, number], value: number | undefined])[] = [
    [TTL[family], ttl],
    [TOS[family], tos],
    [MARK, mark],
    [GROUP_TTL[family], kind === 'udp' || kind === 'icmp' ? (ttl ?? USUAL) : undefined],
  ];
  for (const [where, value] of wanted) {
    if (value === undefined) continue;
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value >>> 0);
    if (libc().setsockopt(fd, ...where, bytes, bytes.length) !== 0) return errnoName(libc().errno());
  }
  return null;
}
