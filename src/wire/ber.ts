/** As much of ASN.1's basic encoding as SNMP needs: X.690, definite lengths. */

export interface Element {
  readonly tag: number;
  readonly content: Buffer;
  /** Where the next one begins. */
  readonly end: number;
}

/** One element; its content at most 127 bytes, or as many as two bytes of length can tell. */
export function encode(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const head =
    content.length < 0x80 ? [tag, content.length] : [tag, 0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}

/** The element that begins at `at`; undefined where it does not end within the bytes. */
export function elementAt(bytes: Buffer, at: number): Element | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined) return undefined;
  const more = first < 0x80 ? 0 : first & 0x7f;
  // 0x80 alone is a length that is told at the end: nobody sends it who keeps to definite ones.
  if (first === 0x80) return undefined;
  if (more > 2 || at + 2 + more > bytes.length) return undefined;
  const length = more === 0 ? first : bytes.readUIntBE(at + 2, more);
  const from = at + 2 + more;
  return from + length <= bytes.length
    ? { tag, content: bytes.subarray(from, from + length), end: from + length }
    : undefined;
}

/** The elements within another, as far as they can be read. */
export function elementsOf(content: Buffer): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < content.length && found.length < 64; ) {
    const one = elementAt(content, at);
    if (!one) break;
    found.push(one);
    at = one.end;
  }
  return found;
}
