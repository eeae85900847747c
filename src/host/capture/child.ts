/**
 * The capture process: one pcap handle a hop. It lives apart because cap 0.2.1 aborts its whole process when a captured
 * interface goes down; the parent takes that death for what it is. It ends with its standard input.
 */
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { installLine } from '../installing.ts';
import type { CapturePoint } from '../machine.ts';
import { inside } from '../sys/namespace.ts';
import { Flood, MOST } from './flood.ts';
import { droppedBy, quietly } from './promiscuous.ts';

/** On an offload-capable device libpcap gives each packet a 64 KiB slot: room for 64 of them. */
const RING = 4 * 1024 * 1024;
const SNAPLEN = 65_535;

interface Handle {
  open(device: string, filter: string, ring: number, buffer: Buffer): string;
  close(): void;
  on(event: 'packet', listener: (length: number, truncated: boolean) => void): void;
}

const say = (message: object): void => {
  process.stdout.write(`${JSON.stringify(message)}\n`);
};

/** What may wait for a parent that reads slowly. Bytes. */
const WAITING = 4 * 1024 * 1024;
/** How often the sockets are asked what they lost. Milliseconds, and frames of one hop. */
const ASKED_EVERY = { milliseconds: 50, frames: 256 };

/** Asks each capture what it had no room for. */
const checks: (() => void)[] = [];
const check = (): void => {
  for (const one of checks) one();
};

/** Handles and their buffers must outlive the call: libpcap writes into them. */
const kept: unknown[] = [];

function load(): new () => Handle {
  const { Cap } = createRequire(import.meta.url)('cap') as { Cap: new () => Handle };
  return Cap;
}

/** In words that name the one line which mends it. */
function whyNot({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'MODULE_NOT_FOUND') return 'cap is not built (npm rebuild cap)';
  if (/libpcap\.so/.test(message)) return `libpcap cannot be loaded (${installLine('libpcap')})`;
  return message;
}

function arm(Cap: new () => Handle, point: CapturePoint): void {
  const buffer = Buffer.alloc(SNAPLEN);
  try {
    const handle = new Cap();
    // A handle whose open failed must not be collected either: its destructor closes what was never open (SIGSEGV).
    kept.push(handle, buffer);
    const open = () => handle.open(point.device, point.filter, RING, buffer);
    const { result: link, socket } = inside(point.netns, () => quietly(open));
    const flood = new Flood();
    let frames = 0;
    const lose = (because: string): void => say({ lost: point.hop, because });
    const ask = (): void => {
      const dropped = socket < 0 ? 0 : droppedBy(socket);
      if (dropped > 0) lose(`${dropped} frames came faster than they could be read`);
    };
    checks.push(ask);
    handle.on('packet', (length, truncated) => {
      const at = process.hrtime.bigint();
      const taken = buffer.subarray(0, Math.min(length, SNAPLEN));
      if (++frames % ASKED_EVERY.frames === 0) ask();
      const verdict = flood.judge(taken);
      if (verdict === 'ended') {
        // Within the loop of cap that hands frames over as long as there are any: nothing else would end it.
        handle.close();
        checks.splice(checks.indexOf(ask), 1);
        lose(`more than ${MOST} frames like the probe’s, after which its capture was ended`);
        return;
      }
      if (verdict === 'repeated') return;
      if (process.stdout.writableLength > WAITING)
        return lose('its frames came faster than they could be looked at');
      say({ frame: point.hop, link, at: String(at), length, truncated, bytes: taken.toString('base64') });
    });
    say({ armed: point.hop });
  } catch (error) {
    say({ failed: point.hop, because: error instanceof Error ? error.message : String(error) });
  }
}

let Cap: (new () => Handle) | undefined;
let missing = '';
try {
  Cap = load();
} catch (error) {
  missing = whyNot(error as NodeJS.ErrnoException);
}

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const asked = JSON.parse(line) as CapturePoint[] | { settle: number };
  if (!Array.isArray(asked)) {
    // What the kernel has by now comes first: each descriptor that can be read has its turn before a timer has.
    setTimeout(() => {
      check();
      say({ settled: asked.settle });
    }, 1);
    return;
  }
  for (const point of asked) {
    if (Cap) arm(Cap, point);
    else say({ failed: point.hop, because: missing });
  }
  setInterval(check, ASKED_EVERY.milliseconds);
  say({ ready: asked.length });
});
lines.on('close', () => process.exit(0));
// The parent decides when it is over; a Ctrl-C of the terminal reaches both.
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.on(signal, () => {});
process.stdout.on('error', () => process.exit(0));
