/** Queues that hold packets back: shapers and emulated delay. A packet that waits in one was not lost. */
import type { Link } from '../model/stack.ts';

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

/** `netem on w0`, for each link whose root queue may hold packets back; ifb: what others redirect is queued there. */
export const holdingQueuesOf = (links: readonly Pick<Link, 'name' | 'qdisc'>[]): string[] =>
  links.flatMap(({ name, qdisc }) =>
    qdisc !== null && isHoldingQueue(qdisc) ? [`${qdisc} on ${name}`] : [],
  );
