/**
 * The capture process: one pcap handle a hop. It lives apart because cap 0.2.1 aborts its whole process when a captured
 * interface goes down; the parent takes that death for what it is. It ends with its standard input.
 */
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import type { CapturePoint } from '../machine.ts';
import { inside } from '../sys/namespace.ts';
import { quietly } from './promiscuous.ts';

/** On an offload-capable device libpcap gives each packet a 64 KiB slot: room for 64 of them. */
const RING = 4 * 1024 * 1024;
const SNAPLEN = 65_535;

interface Handle {
  open(device: string, filter: string, ring: number, buffer: Buffer): string;
  on(event: 'packet', listener: (length: number, truncated: boolean) => void): void;
}

const say = (message: object): void => {
  process.stdout.write(`${JSON.stringify(message)}\n`);
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
  if (/libpcap\.so/.test(message)) return 'libpcap cannot be loaded (apt-get install libpcap0.8)';
  return message;
}

function arm(Cap: new () => Handle, point: CapturePoint): void {
  const buffer = Buffer.alloc(SNAPLEN);
  try {
    const handle = new Cap();
    // A handle whose open failed must not be collected either: its destructor closes what was never open (SIGSEGV).
    kept.push(handle, buffer);
    const open = () => handle.open(point.device, point.filter, RING, buffer);
    const link = inside(point.netns, () => quietly(open));
    handle.on('packet', (length, truncated) => {
      const at = process.hrtime.bigint();
      const taken = buffer.subarray(0, Math.min(length, SNAPLEN));
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
  const points = JSON.parse(line) as CapturePoint[];
  for (const point of points) {
    if (Cap) arm(Cap, point);
    else say({ failed: point.hop, because: missing });
  }
  say({ ready: points.length });
});
lines.on('close', () => process.exit(0));
// The parent decides when it is over; a Ctrl-C of the terminal reaches both.
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.on(signal, () => {});
process.stdout.on('error', () => process.exit(0));
