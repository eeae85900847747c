/** One line of a trace, as the kernel prints it. */
import type { TraceEvent } from '../../host/machine.ts';

export type { TraceEvent } from '../../host/machine.ts';

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
