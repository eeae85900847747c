/**
 * The functions of drops on kernels whose trace prints addresses for them: `location=%p` instead of `%pS`. Where the
 * addresses are real (no `hash-ptr` among the options), /proc/kallsyms names them; where they are hashed, the stack that
 * a `stacktrace` trigger prints behind each drop does. Documentation/trace/events.rst, ftrace.rst.
 */
import { symbolIn, unsplit } from '../../host/trace/symbols.ts';

/** Functions that take the stack: where the architecture leaves them in, they come first. kernel/trace/trace.c, trace_events_trigger.c. */
const TAKES =
  /^(\w*stack_trace\w*|\w*_trace_stack|arch_stack_walk|stacktrace_trigger|event_triggers_\w+|trace_event_buffer_\w+)(\.\w+)*$/;

/** Functions between the one that gave the packet up and the tracepoint. */
const FREES =
  /^(trace_event_\w+|__traceiter_\w+|perf_trace_\w+|sk_skb_reason_drop|_*(dev_|napi_)?k?free_skb\w*|_*consume_skb\w*|skb_release_\w+|napi_get_frags_check)(\.\w+)*$/;

export interface StackOf {
  readonly pid: number;
  readonly cpu: number;
}

/** Takes a trace's lines, and names the function of the drop that was told last on that processor. */
export function stackReader(named: (of: StackOf, place: string) => void): (line: string) => void {
  let of: StackOf | undefined;
  return (line) => {
    const [, pid, cpu] = /-(\d+)\s+\[(\d+)\]\s+\S+\s+[\d.]+: <stack trace>\s*$/.exec(line) ?? [];
    if (pid !== undefined) {
      of = { pid: Number(pid), cpu: Number(cpu) };
      return;
    }
    const [, name] = /^ => ([\w.]+)/.exec(line) ?? [];
    if (name === undefined) of = undefined;
    else if (of && !FREES.test(name) && !TAKES.test(name)) {
      named(of, unsplit(name));
      of = undefined;
    }
  };
}

/** The function that an address lies in, by /proc/kallsyms; undefined where it is hidden or no address of code. */
export const symbolAt = (kallsyms: Buffer, address: string): string | undefined =>
  /^(0x)?[0-9a-f]{8,16}$/.test(address)
    ? symbolIn(kallsyms, BigInt(`0x${address.replace(/^0x/, '')}`))
    : undefined;
