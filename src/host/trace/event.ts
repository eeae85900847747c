/** What the kernel tells of a packet at a tracepoint. */
export interface TraceEvent {
  /** Thread in whose context it happened; softirqs run in anybody's. */
  readonly pid: number;
  readonly cpu: number;
  /** Microseconds of CLOCK_MONOTONIC. */
  readonly at: number;
  readonly event: string;
  readonly device: string | null;
  readonly skb: string;
  readonly length: number | null;
  /**
   * skb:kfree_skb: kernel function without offset (an address where the kernel prints one, `%p`), and the reason's name in
   * the running kernel's own table.
   */
  readonly location: string | null;
  readonly reason: string | null;
}

/** Tracepoint filters, Documentation/trace/events.rst 5: of events that carry a length, and of skb:kfree_skb. */
export interface TraceFilters {
  readonly lengths: string;
  readonly drops: string;
}

/** What shows the same by hand. */
export const PERF_TRACE = ['perf', 'trace', '--no-syscalls', '-e', 'net:*,skb:kfree_skb'];

/** The tracepoints that show a packet's way, with the filter that each gets. */
export const TRACEPOINTS: readonly (readonly [string, keyof TraceFilters])[] = [
  ['net/net_dev_queue', 'lengths'],
  ['net/net_dev_xmit', 'lengths'],
  ['net/netif_rx', 'lengths'],
  ['net/netif_receive_skb', 'lengths'],
  ['skb/kfree_skb', 'drops'],
];
