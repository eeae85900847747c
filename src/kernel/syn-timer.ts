/** How long the kernel repeats a SYN: tcp_retransmit_timer() of net/ipv4/tcp_timer.c. */

/** The time before the first repetition, TCP_TIMEOUT_INIT. Milliseconds. */
const FIRST = 1000;
/** So many repetitions follow at the same distance since Linux 6.5 (tcp_syn_linear_timeouts); older kernels wait longer. */
const LINEAR = 5;

/** Milliseconds that a SYN which was repeated so many times has waited at the least; null where it was not repeated. */
export function waitedFor(repeated: number): number | null {
  if (repeated === 0) return null;
  return FIRST * (repeated <= LINEAR ? repeated : LINEAR + 2 ** (repeated - LINEAR + 1) - 2);
}
