/**
 * The capture process. It lives apart because the engine of libpcap aborts its whole process when a captured interface
 * goes down, and because what it holds goes with it, however it ends. It ends with its standard input.
 */
import { createInterface } from 'node:readline';
import type { Answer } from '../../model/answer.ts';
import type { CaptureEngine, CapturePoint, TraceFilters } from '../machine.ts';
import { libpcapVersion } from '../sockets/pcap-filter.ts';
import { openTracepoints, type Tracepoints } from '../trace/tracepoints.ts';
import { capEngine } from './cap.ts';
import type { Engine, Told } from './engine.ts';
import { Flood, MOST } from './flood.ts';
import { Guard } from './guard.ts';
import { packetEngine } from './packets.ts';
import { endWithParent } from './with-parent.ts';

/** What may wait for a parent that reads slowly. Bytes. */
const WAITING = 4 * 1024 * 1024;
/** How often the kernel is asked what was lost. Milliseconds. */
const ASKED_EVERY = 50;

/** What the parent says: first what is to be watched, then how often it wants to know that all has been told. */
export type Asked =
  | {
      readonly engine: CaptureEngine;
      readonly points: readonly CapturePoint[];
      readonly trace: TraceFilters | null;
    }
  /** The trace will be asked for: what takes time is done before it is. */
  | { readonly prepare: 'trace' }
  | { readonly tell: number }
  | { readonly withoutDrops: true }
  /** A tracing instance that is to go with its netdoctor, and one that has gone. */
  | { readonly guard: string }
  | { readonly release: string }
  | { readonly settle: number };

const say = (message: object): void => {
  process.stdout.write(`${JSON.stringify(message)}\n`);
};

const floods = new Map<string, Flood>();
const lose = (hop: string, because: string): void => say({ lost: hop, because });

const told: Told = {
  armed: (hop) => say({ armed: hop }),
  failed: (hop, because) => say({ failed: hop, because }),
  lost: lose,
  gone: (because) => say({ gone: because }),
  frame(hop, link, at, length, bytes) {
    const flood = floods.get(hop) ?? new Flood();
    floods.set(hop, flood);
    const verdict = flood.judge(bytes);
    if (verdict === 'ended')
      lose(hop, `more than ${MOST} frames like the probe’s, after which its capture was ended`);
    else if (verdict === 'new' && process.stdout.writableLength > WAITING)
      lose(hop, 'its frames came faster than they could be looked at');
    else if (verdict === 'new')
      say({ frame: hop, link, at: String(at), length, bytes: bytes.toString('base64') });
    return verdict !== 'ended';
  },
};

const ENGINES: Readonly<Record<CaptureEngine, () => Engine>> = {
  packet: () => packetEngine(capEngine()),
  cap: capEngine,
};
let engine: Engine | undefined;
let traced: Tracepoints | undefined;
const guard = new Guard();

const openTrace = (): Answer<Tracepoints> =>
  openTracepoints(process.ppid, {
    events: (heard) => {
      if (process.stdout.writableLength > WAITING) say({ untraced: heard.length });
      else say({ traced: heard.map(([event, at]) => [event, String(at)]) });
    },
    lost: (events) => say({ untraced: events }),
  });

let prepared: Answer<Tracepoints> | undefined;

function trace(filters: TraceFilters): void {
  const opened = prepared ?? openTrace();
  const listening = opened.known ? opened.value.listen(filters) : opened;
  if (opened.known && listening.known) traced = opened.value;
  say({ tracing: listening.known ? null : { because: listening.because, detail: listening.detail } });
}

/** Loads what all watching needs, while the parent still finds out what is to be watched. */
function getReady(): void {
  try {
    // What it holds goes with it, but for tracing instances, which it removes.
    endWithParent(guard.isFree);
    libpcapVersion();
  } catch {
    // Whoever needs it says so.
  }
}

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const asked = JSON.parse(line) as Asked;
  if ('settle' in asked) {
    // What the kernel has by now comes first: each descriptor that can be read has its turn before a timer has.
    setTimeout(async () => {
      engine?.check();
      await traced?.look();
      say({ settled: asked.settle });
    }, 1);
    return;
  }
  if ('tell' in asked) {
    void traced?.settled().then(() => say({ settled: asked.tell }));
    return;
  }
  if ('prepare' in asked) {
    prepared ??= openTrace();
    return;
  }
  if ('guard' in asked || 'release' in asked) {
    if ('guard' in asked) guard.take(asked.guard);
    else guard.release(asked.release);
    endWithParent(guard.isFree);
    if ('guard' in asked) say({ guarded: asked.guard });
    return;
  }
  if ('withoutDrops' in asked) {
    traced?.withoutDrops();
    return;
  }
  if (asked.trace) trace(asked.trace);
  engine = ENGINES[asked.engine]();
  engine.arm(asked.points, told);
  setInterval(engine.check, ASKED_EVERY);
  say({ ready: asked.points.length });
});
const end = (): void => void guard.end().then(() => process.exit(0));
lines.on('close', end);
// The parent decides when it is over; a Ctrl-C of the terminal reaches both.
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.on(signal, () => {});
process.stdout.on('error', end);
// Before the first that the parent says, which may stand in the pipe already.
getReady();
