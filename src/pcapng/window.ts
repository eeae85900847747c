/** The piece of a file that is looked at: bytes come in pieces, and are taken whole records at a time. */

export class Window {
  #pieces: Uint8Array[] = [];
  #size = 0;
  /** Byte of the file at which what is here begins. */
  at = 0;

  add(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#pieces.push(piece);
    this.#size += piece.length;
  }

  get size(): number {
    return this.#size;
  }

  /** The first bytes, which stay; undefined where fewer are here. */
  peek(length: number): Buffer | undefined {
    if (this.#size < length) return undefined;
    if ((this.#pieces[0]?.length ?? 0) < length) this.#pieces = [Buffer.concat(this.#pieces)];
    return bufferOf(this.#pieces[0] ?? new Uint8Array()).subarray(0, length);
  }

  /** The first bytes, and goes on behind them; undefined where fewer are here. */
  take(length: number): Buffer | undefined {
    const bytes = this.peek(length);
    if (!bytes) return undefined;
    const rest = this.#pieces[0]?.subarray(length) ?? new Uint8Array();
    if (rest.length > 0) this.#pieces[0] = rest;
    else this.#pieces.shift();
    this.#size -= length;
    this.at += length;
    return bytes;
  }
}

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
