/** The moments that streams tell of, in nanoseconds of CLOCK_MONOTONIC: read by the recorder, moved by the replayer. */

/** `… [001] ..s1.  6829.137975: net_dev_xmit: …`: seconds of the same clock. */
const SECONDS = /(\s)(\d+)\.(\d{6})(: \w+: )/;

interface Timed {
  readonly at?: unknown;
  readonly line?: unknown;
  readonly frame?: { readonly at?: unknown };
}

/** Undefined for what tells none. */
export function momentOf(event: unknown): bigint | undefined {
  const { at, frame, line } = event as Timed;
  if (typeof at === 'bigint') return at;
  if (typeof frame?.at === 'bigint') return frame.at;
  const [, , seconds, micros] = (typeof line === 'string' && SECONDS.exec(line)) || [];
  return seconds === undefined ? undefined : BigInt(seconds) * 1_000_000_000n + BigInt(micros!) * 1000n;
}

/** The same event, as if it had happened `by` nanoseconds later. */
export function moved<T>(event: T, by: bigint): T {
  const { at, frame, line } = event as Timed;
  if (typeof at === 'bigint') return { ...event, at: at + by };
  if (typeof frame?.at === 'bigint') return { ...event, frame: { ...frame, at: frame.at + by } };
  const moment = momentOf(event);
  if (moment === undefined || typeof line !== 'string') return event;
  const micros = (moment + by) / 1000n;
  const seconds = `${micros / 1_000_000n}.${String(micros % 1_000_000n).padStart(6, '0')}`;
  return { ...event, line: line.replace(SECONDS, `$1${seconds}$4`) };
}
