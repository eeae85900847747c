import type { Link } from '../model/stack.ts';

/** Are these two ends of one veth pair? Each must name the other: an index alone is not unique between namespaces. */
export const joined = (a: Link, b: Link): boolean =>
  a.kind === 'veth' &&
  b.kind === 'veth' &&
  // The kernel leaves the index out when both ends have the same one.
  (a.link ?? a.ifindex) === b.ifindex &&
  (b.link ?? b.ifindex) === a.ifindex;
