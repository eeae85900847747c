import type { Flow } from '../model/flow.ts';
import { headers, type Lengths, type ProbeRun } from './kind.ts';

/** A number that stands so many bytes into each question of a run. */
export interface QuestionMark {
  readonly at: number;
  readonly size: 2 | 4;
  readonly value: number;
}

/** What a datagram is made of as an answer to one probe. */
export interface Heard {
  /** Null where it does not say which one. */
  readonly probe: number | null;
  /** Whatever a reader may want to know of it. */
  readonly says: string | null;
  /** Why a client of this protocol would not be content with it; absent: it would. */
  readonly amiss?: string;
}

/** One protocol of UDP, whose question is the smallest that a client may ask without an account, and changes nothing. */
export interface DatagramProtocol {
  readonly name: string;
  readonly ports: readonly number[];
  /** Why nobody answers this question, where that is so by design. */
  readonly silent?: string;
  /** Which of those that live do not answer it. */
  readonly unheeded?: string;
  /** Do its answers come from a port that nobody knows beforehand? */
  readonly fromAnyPort?: boolean;
  /** IP lengths that a question may have. */
  lengths(flow: Flow): Lengths;
  question(run: ProbeRun, probe: number): Uint8Array;
  mark(run: ProbeRun): QuestionMark;
  /** Which probe's question a payload is; null: none. */
  asked(run: ProbeRun, payload: Uint8Array): number | null;
  /** What a payload answers, and how; null: it is no answer of this protocol to one of ours. */
  told(run: ProbeRun, payload: Uint8Array): Heard | null;
}

export const protocol = (of: DatagramProtocol): DatagramProtocol => of;

/** So many bytes behind IP and UDP, and no other number. */
export const exactly =
  (bytes: number) =>
  (flow: Flow): Lengths => {
    const length = headers(flow) + bytes;
    return { least: length, most: length };
  };

/** Reads the run's token and the number of a probe behind it. */
export function tokenAt(run: ProbeRun, payload: Uint8Array, at: number): number | null {
  if (payload.length < at + 5) return null;
  const view = new DataView(payload.buffer, payload.byteOffset);
  const probe = payload[at + 4] ?? 0;
  return view.getUint32(at) === run.token && probe < run.count ? probe : null;
}

/** Writes what `tokenAt` reads. */
export function putToken(run: ProbeRun, probe: number, bytes: Buffer, at: number): void {
  bytes.writeUInt32BE(run.token, at);
  bytes[at + 4] = probe;
}
