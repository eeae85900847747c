/** Eight digits of a 32-bit word as the kernel prints it: on a little-endian machine the bytes come backwards. */
export const fromHex = (hex: string): string =>
  (hex.match(/../g) ?? [])
    .map((byte) => Number.parseInt(byte, 16))
    .reverse()
    .join('.');
