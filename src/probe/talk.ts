import type { Speech } from '../model/exchange.ts';

/** One conversation: what is said first, and what is made of the answer. */
export interface Talk {
  readonly speech: Speech;
  /** Empty where the server speaks first. */
  readonly opening: Uint8Array;
  /** Takes what came back; gives what is said to it, if anything. */
  hear(bytes: Uint8Array): readonly Uint8Array[];
  /** The first line, where it is one to read. */
  line(): string | null;
  /** What came in place of TLS: its first line, or its first bytes; null where it was TLS, or nothing came. */
  noTls(): string | null;
  /** What is wrong with the certificate, as far as it has been seen by now. */
  certificate(): string | null;
  /** Is that certificate out of its time? */
  outOfTime(): boolean;
  /** How far this host's clock is from the server's, where that matters and was told. */
  clock(): string | null;
}
