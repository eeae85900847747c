/**
 * The functions of drops on kernels whose trace prints addresses for them: `location=%p` instead of `%pS`. Where the
 * addresses are real (no `hash-ptr` among the options), /proc/kallsyms names them; where they are hashed, the stack that
 * a `stacktrace` trigger prints behind each drop does. Documentation/trace/events.rst, ftrace.rst.
 */

/** `told`: the trace prints names. `address`: real addresses. `stack`: hashed ones, and the stack tells. */
export type Naming = 'told' | 'address' | 'stack';

export const namingOf = (format: string, hashes: boolean): Naming =>
  !/location=%p(?!S)/.test(format) ? 'told' : hashes ? 'stack' : 'address';

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
    else if (of && !FREES.test(name)) {
      named(of, name.replace(/\.(constprop|isra|part|cold)\b.*$/, ''));
      of = undefined;
    }
  };
}

/** The function that an address lies in, by the text of /proc/kallsyms; undefined where it is hidden or no address. */
export function symbolAt(kallsyms: string, address: string): string | undefined {
  if (!/^(0x)?[89a-f][0-9a-f]{15}$/.test(address)) return undefined;
  const wanted = BigInt(`0x${address.replace(/^0x/, '')}`);
  let best: { at: bigint; name: string } | undefined;
  for (const [, at, name] of kallsyms.matchAll(/^([0-9a-f]{16}) [tTwW] (\S+)/gm)) {
    const start = BigInt(`0x${at}`);
    if (start > 0n && start <= wanted && (best === undefined || start > best.at))
      best = { at: start, name: name! };
  }
  return best?.name.replace(/\.(constprop|isra|part|cold)\b.*$/, '');
}
