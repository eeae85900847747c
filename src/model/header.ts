/** What the headers of a packet say beside its ends: what a stranger on the way may judge it by. */
export interface Header {
  readonly ttl: number | null;
  /** Differentiated services code point, 0 to 63. RFC 2474 */
  readonly dscp: number;
  /** ECN field of the IP header: 0 without, 1 and 2 capable, 3 congestion met. RFC 3168, 5 */
  readonly ecn: number;
  /** How a TCP connection is asked for; null for every other packet. */
  readonly syn: Syn | null;
}

/** A SYN: RFC 9293, 3.1. */
export interface Syn {
  /** Flags AE, CWR and ECE as one number: 3 asks for ECN (RFC 3168, 6.1.1), 7 for accurate ECN (RFC 9768), 0 for none. */
  readonly ecn: number;
  /** Options by their kind (IANA, TCP option kind numbers), with the bytes that follow kind and length, in hex. */
  readonly options: Readonly<Record<number, string>>;
}
