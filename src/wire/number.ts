/** Numbers in network order, out of bytes that may be cut: what is not there counts as zero. */

/** Two bytes. */
export const word = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

/** Four bytes. */
export const long = (bytes: Uint8Array, at: number): number =>
  ((word(bytes, at) << 16) | word(bytes, at + 2)) >>> 0;
