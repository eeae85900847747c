/** What is watched while a probe runs, and what is told of it: frames on interfaces, and what the kernel did to packets. */
import type { Answer } from '../../model/answer.ts';
import type { Netns } from '../../model/netns.ts';
import type { TraceEvent } from '../trace/event.ts';

/** How interfaces are watched: by packet sockets, one for each namespace, or by libpcap through cap, one handle for each. */
export type CaptureEngine = 'packet' | 'cap';

/** How the kernel's own trace is had: by perf events, or by an instance of tracefs. */
export type Tracing = 'perf' | 'tracefs';

export interface CapturePoint {
  readonly hop: string;
  readonly device: string;
  readonly netns: Netns | null;
  /** A pcap-filter(7) expression. */
  readonly filter: string;
}

/** A captured frame, as the capture process saw it. */
export interface Frame {
  readonly hop: string;
  /** `ETHERNET`, `RAW`, `NULL`, `LINKTYPE_LINUX_SLL`. */
  readonly link: string;
  readonly bytes: Uint8Array;
  /** Length on the wire; `bytes` may be shorter. */
  readonly length: number;
  /** Nanoseconds of CLOCK_MONOTONIC: when it passed, by the kernel's stamp; with `cap` when it was read. */
  readonly at: bigint;
}

export type CaptureEvent =
  | { readonly type: 'armed'; readonly hop: string }
  | { readonly type: 'failed'; readonly hop: string; readonly because: string }
  | { readonly type: 'frame'; readonly frame: Frame }
  /** What the kernel did to a packet; `at`: nanoseconds of CLOCK_MONOTONIC. */
  | { readonly type: 'traced'; readonly at: bigint; readonly event: Omit<TraceEvent, 'at'> }
  /** So many events of the trace came faster than they could be read. */
  | { readonly type: 'untraced'; readonly events: number }
  /** From here on this hop tells less than there was. */
  | { readonly type: 'lost'; readonly hop: string; readonly because: string }
  /** A captured interface went down or away, or the capture process died. */
  | { readonly type: 'ended'; readonly because: string };

/** The kernel's trace, as long as the captures stand that it was asked for with. */
export interface Traced {
  /** Hears of drops no more. */
  withoutDrops(): void;
  /**
   * Resolves when every drop by now has been told: false where it was not within so many milliseconds. The functions of
   * the first are looked up in a long list.
   */
  told(milliseconds: number): Promise<boolean>;
}

export interface Capture {
  /** Resolves when every point is armed or has failed, and the trace too. */
  readonly ready: Promise<void>;
  /** Resolves with that: does the kernel tell what it does to packets, where that was asked for? */
  readonly traced: Promise<Answer<Traced>>;
  /** Resolves when all that was captured by now has been told: false where it was not within so many milliseconds. */
  settled(milliseconds: number): Promise<boolean>;
  stop(): Promise<void>;
}
