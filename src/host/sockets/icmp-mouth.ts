/**
 * A raw socket for ICMP that sends and is told of no error, beside one that hears the answers. Of a "fragmentation needed" the kernel
 * learns a path MTU, and keeps it for ten minutes for every program of the namespace, by the sockets that the error is for:
 * raw_icmp_error(), raw_err(), net/ipv4/raw.c. A probe that asks about a path would so change what its user's programs meet on it.
 */
import type { SocketSpec } from '../machine.ts';
import { AF_INET, sockaddr } from '../sys/address.ts';
import { asUser } from '../sys/as-user.ts';
import { int, libc } from '../sys/libc.ts';
import { onlyEchoReplies } from '../sys/socket-filter.ts';
import { MTU_DISCOVER, prepare } from '../sys/socket-stamp.ts';

const SOCK_RAW_CLOEXEC_NONBLOCK = 3 | 0o2000000 | 0o4000;
const IPPROTO_ICMP = 1;
/** Who is bound to a group is for no packet of another address, nor for its errors, and sends from what the route says: raw_bind(). */
const GROUP = '224.0.0.1';
/** Takes no path MTU from errors: ip_sk_accept_pmtu(). Linux 3.13. */
const PMTUDISC_INTERFACE = 4;

/**
 * The mouth of this ear, which from now on takes nothing from errors. Null where the ear has to send itself: of IPv6 the kernel learns
 * whatever sockets there are (icmpv6_err()), an address of one's own is bound to, and a program of the control group may let
 * nobody bind.
 */
export function mouthOf(ear: number, spec: SocketSpec): number | null {
  const { kind, family, source, user } = spec;
  if (kind !== 'icmp' || family === 6 || source !== undefined) return null;
  const c = libc();
  const mouth = asUser(user, () => c.socket(AF_INET, SOCK_RAW_CLOEXEC_NONBLOCK, IPPROTO_ICMP));
  if (mouth < 0) return null;
  onlyEchoReplies(mouth, 4);
  const group = sockaddr(GROUP, 0);
  const isReady = prepare(mouth, spec) === null && c.bind(mouth, group, group.length) === 0;
  const learnsNothing = isReady && c.setsockopt(ear, ...MTU_DISCOVER[4], int(PMTUDISC_INTERFACE), 4) === 0;
  if (learnsNothing) return mouth;
  c.close(mouth);
  return null;
}
