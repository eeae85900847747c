/** Addresses as inet_ntop(3) writes them: the first of the longest runs of zeros is left out, an IPv4 address inside is seen. */
export function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  const words = Array.from({ length: 8 }, (_, at) => (bytes[2 * at]! << 8) | bytes[2 * at + 1]!);
  const [from, length] = longestZeros(words);
  const inside = from === 0 && (length === 6 || (length === 5 && words[5] === 0xffff));
  if (inside) return `::${length === 5 ? 'ffff:' : ''}${bytes.subarray(12).join('.')}`;
  const hex = words.map((word) => word.toString(16));
  if (length < 2) return hex.join(':');
  return `${hex.slice(0, from).join(':')}::${hex.slice(from + length).join(':')}`;
}

function longestZeros(words: readonly number[]): readonly [from: number, length: number] {
  let best: readonly [number, number] = [0, 0];
  for (let at = 0; at < words.length; at++) {
    let end = at;
    while (words[end] === 0) end++;
    if (end - at > best[1]) best = [at, end - at];
    at = end;
  }
  return best;
}

/** Room for the longest link-layer address there is (MAX_ADDR_LEN), as text. */
const room = Buffer.alloc(3 * 32);
const DIGITS = Buffer.from('0123456789abcdef');

/**
 * A link-layer address as iproute2 writes it (lib/ll_addr.c), between two places of the bytes. Tunnels of IP, whose addresses
 * are IP's, are not put into words.
 */
export function hardwareText(bytes: Buffer, begin = 0, end = bytes.length): string {
  const last = Math.min(end, begin + 32);
  for (let from = begin, to = 0; from < last; from++) {
    room[to++] = DIGITS[bytes[from]! >> 4]!;
    room[to++] = DIGITS[bytes[from]! & 15]!;
    room[to++] = 0x3a;
  }
  return room.toString('latin1', 0, Math.max(0, 3 * (last - begin) - 1));
}
