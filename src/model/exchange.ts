/** How a TCP connection is spoken over once it stands: whoever listens there tells by the port. */
export type Speech = 'http' | 'tls' | 'greeting';

/** What `--data` may ask for; absent: what the port tells. */
export type WantedData = 'http' | 'tls' | 'none';

/** What became of data after the handshake had been answered. */
export interface Exchange {
  readonly speech: Speech;
  /** The probe whose connection it went over, and the number by which its own packets are known. */
  readonly over: number;
  readonly probe: number;
  /**
   * `answered` something came back · `ended` the far end closed the connection without a word · `reset` it was reset ·
   * `quiet` the data was acknowledged, and nothing was said · `lost` it was not acknowledged, or the answer was seen on a
   * hop and did not arrive.
   */
  readonly result: 'answered' | 'ended' | 'reset' | 'quiet' | 'lost';
  /** The first line that came back, where it is one to read. */
  readonly says: string | null;
  /** Somebody named the speech (`--data`); else the port did. */
  readonly isNamed?: boolean;
  /** What answered a TLS hello, where it was no TLS: the first line, or the first bytes. */
  readonly noTls?: string | null;
  /** Milliseconds that were waited. */
  readonly waited: number;
  /** What is wrong with the certificate that was shown. */
  readonly certificate: string | null;
  /** That it is out of its time by this host's clock. */
  readonly outOfTime?: boolean;
  /** How far this host's clock is from the server's, where that matters. */
  readonly clock?: string | null;
}
