/** What the time stamps of an interface count: if_tsresol and if_tsoffset of draft-ietf-opsawg-pcapng 4.2. */

export interface Resolution {
  /** Units of one second. */
  readonly units: bigint;
  /** Seconds to add. */
  readonly offset: bigint;
}

/** Where the file says nothing: microseconds. */
export const USUAL: Resolution = { units: 1_000_000n, offset: 0n };

/** Finer than anybody measures. */
const FINEST = { ten: 18, two: 63 } as const;

/** Undefined for an exponent that nobody means. */
export function unitsOf(octet: number): bigint | undefined {
  const exponent = octet & 0x7f;
  const binary = (octet & 0x80) !== 0;
  if (exponent > (binary ? FINEST.two : FINEST.ten)) return undefined;
  return (binary ? 2n : 10n) ** BigInt(exponent);
}

/** Nanoseconds since 1970. */
export const nanoseconds = (moment: bigint, { units, offset }: Resolution): bigint =>
  (moment * 1_000_000_000n) / units + offset * 1_000_000_000n;
