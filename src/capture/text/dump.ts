/** The bytes of a packet from its network header on, as tcpdump(8) -X and -A show them. */

const ROW = 16;
const shown = (byte: number): string => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.');

/** Offset, eight groups of two bytes, and the same as text. */
export function hexDump(bytes: Uint8Array): string[] {
  return Array.from({ length: Math.ceil(bytes.length / ROW) }, (_, row) => {
    const part = bytes.subarray(row * ROW, (row + 1) * ROW);
    const words =
      Buffer.from(part.buffer, part.byteOffset, part.length)
        .toString('hex')
        .match(/.{1,4}/g) ?? [];
    const at = (row * ROW).toString(16).padStart(4, '0');
    return `\t0x${at}:  ${words.join(' ').padEnd(39)}  ${[...part].map(shown).join('')}`;
  });
}

/** What is text of it; everything else is a dot, a new line begins where it does. */
export const asText = (bytes: Uint8Array): string[] =>
  [...bytes]
    .map((byte) => (byte === 10 ? '\n' : shown(byte)))
    .join('')
    .replace(/\n+$/, '')
    .split('\n');
