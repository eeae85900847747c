/** cap, the binding to libpcap: what a release brings along for this Node, or what npm built in a checkout. */
import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { loadBrought } from '../prebuilt.ts';

export interface Handle {
  open(device: string, filter: string, ring: number, buffer: Buffer): string;
  close(): void;
  on(event: 'packet', listener: (length: number, truncated: boolean) => void): void;
}

interface Addon {
  readonly Cap: new () => Handle;
}

/** @throws Error of Node's loader where there is none, or none that fits */
export function loadCap(): new () => Handle {
  const load = createRequire(import.meta.url);
  const native = loadBrought(`cap-${process.versions.modules}.node`, load) as Addon | null;
  if (!native) return (load('cap') as Addon).Cap;
  // All that its JavaScript does, beside decoding packets.
  Object.setPrototypeOf(native.Cap.prototype, EventEmitter.prototype);
  return native.Cap;
}
