/** For how long the host's connection tracking keeps what stands. */
import type { Machine } from '../host/machine.ts';
import type { Kept } from '../kernel/carried.ts';

const ESTABLISHED = 'established';
/** Data that is not acknowledged, and data that is sent again: nf_conntrack_tcp_packet(), nf_conntrack_proto_tcp.c. */
const SHORT = ['unacknowledged', 'max_retrans'] as const;

/** Null where the host does not tell. Source: /proc/sys/net/netfilter. */
export function keptFor(machine: Machine): Kept | null {
  const [established, ...short] = [ESTABLISHED, ...SHORT].map((name) => {
    const answer = machine.read(`/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_${name}`);
    return answer.known ? Number(answer.value) : Number.NaN;
  });
  const kept = { established: established ?? Number.NaN, unacknowledged: Math.max(...short) };
  return Object.values(kept).some(Number.isNaN) ? null : kept;
}
