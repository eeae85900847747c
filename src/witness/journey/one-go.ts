/**
 * Is a drop at an skb's address that of the packet that was followed there? The address alone does not say: an skb that
 * ended well is freed without a word, and its place goes to the next packet of whatever namespace.
 */
import type { TraceEvent } from './line.ts';

/** From here the stack works on the packet in one go, until it ends or stands in a queue: __netif_receive_skb_core(). */
const TAKEN_UP = 'netif_receive_skb';

/**
 * What ends packets that had to wait, for a neighbour, a fragment, a program or their turn: a timer, or whoever comes next,
 * does it in another context.
 */
const WAITED =
  /^(NEIGH_\w+|FRAG_\w+|IP_OUTNOROUTES|QDISC_\w+|QUEUE_PURGE|XFRM_\w+|SOCKET_\w+|TCP_\w+|UNIX_\w+|_*neigh_\w+|arp_error_report|ndisc_error_report|ip6?_(de)?frag\w*|inet_frag\w*|nf_(reinject|queue)\w*|nfqnl_\w+|xfrm\w*|_*(tcp|udp)\w*|_*skb_queue_purge\w*|ip6?mr\w*|\w*(qdisc|fifo|codel|netem|tbf|sfq|htb)\w*|net_tx_action|flush_backlog)$/;

/** `last`: the event at which the packet was seen last; `drop` the one that told of a free at its address. */
export function isInOneGo(last: Pick<TraceEvent, 'event' | 'cpu' | 'pid'>, drop: TraceEvent): boolean {
  if (last.event !== TAKEN_UP || (last.cpu === drop.cpu && last.pid === drop.pid)) return true;
  return [drop.reason, drop.location].some((word) => word !== null && WAITED.test(word));
}
