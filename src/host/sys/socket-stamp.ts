/** What a socket writes into the headers of what it sends, beside its ends: ip(7), ipv6(7), socket(7). */
import { errnoName, int, libc } from './libc.ts';

export interface Stamp {
  readonly kind: 'icmp' | 'tcp' | 'udp' | 'syn';
  readonly family: 4 | 6;
  readonly ttl?: number;
  readonly tos?: number;
  readonly mark?: number;
  readonly device?: string;
}

/** Level and name of IP_MTU_DISCOVER and IPV6_MTU_DISCOVER: ip(7), ipv6(7). */
export const MTU_DISCOVER = { 4: [0, 10], 6: [41, 23] } as const;
/** Sets DF and ignores the cached path MTU. */
const PMTUDISC_PROBE = 3;
const SOL_SOCKET = 1;
const SO_BINDTODEVICE = 25;

/** Level and name of each: IP_TTL, IP_TOS; IPV6_UNICAST_HOPS, IPV6_TCLASS; SO_MARK. */
const TTL = { 4: [0, 2], 6: [41, 16] } as const;
const TOS = { 4: [0, 1], 6: [41, 67] } as const;
const MARK = [1, 36] as const;
/** IP_MULTICAST_TTL, IPV6_MULTICAST_HOPS: without it a group's packet ends at the first router. */
const GROUP_TTL = { 4: [0, 33], 6: [41, 18] } as const;
/** What is sent to one machine begins with as much: net.ipv4.ip_default_ttl. */
const USUAL = 64;

/**
 * What every socket of a probe is told before it is bound. Every probe carries DF: a cached path MTU would otherwise fragment it
 * and hide it from its witnesses. The errno name of what was refused; null where all is set.
 */
export function prepare(fd: number, spec: Stamp): string | null {
  const { family, device } = spec;
  libc().setsockopt(fd, ...MTU_DISCOVER[family], int(PMTUDISC_PROBE), 4);
  const name = Buffer.from(device ?? '');
  if (device && libc().setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, name.length) !== 0)
    return errnoName(libc().errno());
  return stamp(fd, spec);
}

function stamp(fd: number, { kind, family, ttl, tos, mark }: Stamp): string | null {
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
