/** One line of a trace, as the kernel prints it. */
export interface TraceEvent {
  /** Process in whose context it happened; softirqs run in anybody's. */
  readonly pid: number;
  readonly cpu: number;
  /** Microseconds of CLOCK_MONOTONIC. */
  readonly at: number;
  readonly event: string;
  readonly device: string | null;
  readonly skb: string;
  readonly length: number | null;
  /**
   * skb:kfree_skb: kernel function without offset (an address where the kernel prints one, `%p`), and the reason's name in the running kernel's own table.
   */
  readonly location: string | null;
  readonly reason: string | null;
}

const LINE = /^.*-(\d+)\s+\[(\d+)\]\s+\S+\s+(\d+\.\d+): (\w+): (.*)$/;

/** How many events the kernel says it lost here, since nobody read them in time: kernel/trace/trace.c. */
export function lostIn(line: string): number {
  return Number(/^CPU:\d+ \[LOST (\d+) EVENTS\]/.exec(line)?.[1] ?? 0);
}

/** Undefined for a line that is no event of ours (comments, lost-event notices). */
export function parseLine(line: string): TraceEvent | undefined {
  const [, pid, cpu, seconds, event, rest = ''] = LINE.exec(line) ?? [];
  const skb = /skbaddr=(\S+)/.exec(rest)?.[1];
  if (!pid || !seconds || !event || !skb) return undefined;
  const length = /\blen=(\d+)/.exec(rest)?.[1];
  return {
    pid: Number(pid),
    cpu: Number(cpu),
    at: Math.round(Number(seconds) * 1e6),
    event,
    skb,
    device: /\bdev=(\S+)/.exec(rest)?.[1] ?? null,
    length: length ? Number(length) : null,
    location: /\blocation=(\S+?)(?:\+0x\S*)?(?:\s|$)/.exec(rest)?.[1] ?? null,
    // Kernels before 5.17 name no reason.
    reason: /\breason: (\S+)/.exec(rest)?.[1] ?? null,
  };
}
