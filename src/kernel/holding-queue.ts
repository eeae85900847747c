/** Queues that hold packets back: shapers and emulated delay. A packet that waits in one was not lost. */
import type { Path } from '../model/path.ts';
import type { Stack } from '../model/stack.ts';

/**
 * Queueing disciplines that let packets wait although the interface is free: tc(8), tc-netem(8), tc-tbf(8), … The usual
 * ones (fq_codel, pfifo_fast, mq, fq without a rate) only do so while the interface is busy.
 */
const HOLDS = new Set([
  'netem',
  'tbf',
  'htb',
  'hfsc',
  'cbq',
  'cake',
  'taprio',
  'etf',
  'plug',
  'prio',
  'ets',
  'drr',
]);

export const isHoldingQueue = (kind: string): boolean => HOLDS.has(kind);

/**
 * `netem on w0`, for each link of the path whose root queue may hold packets back, and for this host's ifb: what others redirect
 * there is queued there. An ifb that is a port besides is not among the first links of many; nothing but patience hangs on it.
 */
export const holdingQueues = ({ hops }: Path, host: Stack): string[] =>
  [
    ...hops.map(({ link }) => link),
    ...(host.first ?? host.links).filter(({ kind }) => kind === 'ifb'),
  ].flatMap(({ name, qdisc }) => (qdisc !== null && isHoldingQueue(qdisc) ? [`${qdisc} on ${name}`] : []));
