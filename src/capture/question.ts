/** What a capture is asked for, what it tells on its way, and how it ends. */
import type { Dropped } from './drops.ts';
import type { SpotFilter } from './filter.ts';
import type { Count } from './listen.ts';
import type { Into } from './save/saving.ts';
import type { Spot } from './spot.ts';
import type { Told } from './stream.ts';

export interface CaptureQuestion {
  readonly target: string;
  /** pcap-filter(7); empty: everything. */
  readonly filter: string;
  /** Names of hops; none: all of them. */
  readonly hops: readonly string[];
  readonly snaplen: number;
  /** Data too, not headers alone. */
  readonly payload: boolean;
  /** May the kernel's tracepoints be armed, which tell why a packet ended? */
  readonly trace: boolean;
  /** What goes in, or comes out, of each interface. */
  readonly direction: 'in' | 'out' | null;
  /** Packets after which it ends; null: none. */
  readonly packets: number | null;
  readonly seconds: number | null;
  readonly into: Into | null;
}

export interface Listens {
  readonly spots: readonly Spot[];
  readonly filters: readonly SpotFilter[];
  /** Addresses of the target. */
  readonly own: ReadonlySet<string>;
  readonly link: number;
}

/** A packet of which nothing more is expected, and why it went no further, where the kernel said so. */
export interface Ending {
  readonly told: Told;
  readonly dropped: Dropped | null;
}

export type CaptureEvent =
  | ({ readonly type: 'listening' } & Listens)
  | ({ readonly type: 'packet' } & Ending);

export interface Ended {
  readonly spots: readonly Spot[];
  readonly counts: readonly Count[];
  /** Frames of each hop that were the target's. */
  readonly taken: readonly number[];
  readonly packets: number;
  /** Frames that came too fast to be looked at. */
  readonly overrun: number;
  /** Frames in files, and the files; null: nothing was to be saved. */
  readonly saved: { readonly packets: number; readonly files: readonly string[] } | null;
  /** Why no reasons of drops were told, or not to the end; null: they were looked for. */
  readonly blind: string | null;
  /** Why it ended before it should. */
  readonly because: { readonly code: string; readonly message: string } | null;
}
