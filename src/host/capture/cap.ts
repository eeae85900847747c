/**
 * The engine of libpcap, through cap 0.2.1: one handle a hop. It gives no stamps, so that a frame carries the moment at
 * which it was handed over; and it aborts the process when a captured interface goes down or away.
 */
import { installLine } from '../installing.ts';
import type { CapturePoint } from '../machine.ts';
import { inside } from '../sys/namespace.ts';
import { type Handle, loadCap } from './cap-addon.ts';
import type { Engine, Told } from './engine.ts';
import { droppedBy, quietly } from './promiscuous.ts';

/** On an offload-capable device libpcap gives each packet a 64 KiB slot: room for 64 of them. */
const RING = 4 * 1024 * 1024;
const SNAPLEN = 65_535;
/** How often a socket is asked what it lost, beside the checks of time. Frames of one hop. */
const ASKED_EVERY = 256;

/** Handles and their buffers must outlive the call: libpcap writes into them. */
const kept: unknown[] = [];

export function capEngine(): Engine {
  const checks = new Set<() => void>();
  return {
    arm(points, told) {
      let Cap: new () => Handle;
      try {
        Cap = loadCap();
      } catch (error) {
        const because = whyNot(error as NodeJS.ErrnoException);
        for (const { hop } of points) told.failed(hop, because);
        return;
      }
      for (const point of points) {
        try {
          open(Cap, point, told, checks);
          told.armed(point.hop);
        } catch (error) {
          told.failed(point.hop, error instanceof Error ? error.message : String(error));
        }
      }
    },
    check() {
      for (const one of checks) one();
    },
  };
}

function open(Cap: new () => Handle, point: CapturePoint, told: Told, checks: Set<() => void>): void {
  const buffer = Buffer.alloc(SNAPLEN);
  const handle = new Cap();
  // A handle whose open failed must not be collected either: its destructor closes what was never open (SIGSEGV).
  kept.push(handle, buffer);
  const { result: link, socket } = inside(point.netns, () =>
    quietly(() => handle.open(point.device, point.filter, RING, buffer)),
  );
  let frames = 0;
  const check = (): void => {
    const dropped = socket < 0 ? 0 : droppedBy(socket);
    if (dropped > 0) told.lost(point.hop, `${dropped} frames came faster than they could be read`);
  };
  checks.add(check);
  handle.on('packet', (length) => {
    const at = process.hrtime.bigint();
    if (++frames % ASKED_EVERY === 0) check();
    if (told.frame(point.hop, link, at, length, buffer.subarray(0, Math.min(length, SNAPLEN)))) return;
    // Within the loop of cap that hands frames over as long as there are any: nothing else would end it.
    handle.close();
    checks.delete(check);
  });
}

/** In words that name the one line which mends it. */
function whyNot({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'MODULE_NOT_FOUND') return 'cap is not built (npm rebuild cap)';
  if (/libpcap\.so/.test(message)) return `libpcap cannot be loaded (${installLine('libpcap')})`;
  return message;
}
