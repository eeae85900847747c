/**
 * Reads pcapng, and pcap, strictly: a file that breaks a rule of its format is said to, with the byte where it does. What was
 * read before stands. Bytes are handed in as they come; what is kept of them is one block, and one line an interface.
 */
import { AttachmentReader } from './attachment.ts';
import { BLOCK, BYTE_ORDER } from './block.ts';
import { BlockReader } from './blocks.ts';
import { type Item, Malformed } from './content.ts';
import { Fields } from './fields.ts';
import { type PcapHeader, pcapHeader, pcapPacket, RECORD } from './pcap.ts';
import { Window } from './window.ts';

/** As libpcap does (sf-pcapng.c). Bytes. */
const LONGEST_BLOCK = 16 * 1024 * 1024;
/** Type, length, and the length again. */
const AROUND = 12;
const SECTION_LEAST = 28;

const swapped = (value: number): number =>
  Buffer.from(new Uint32Array([value]).buffer)
    .swap32()
    .readUInt32LE();

export class CaptureReader {
  readonly #window = new Window();
  readonly #blocks = new BlockReader();
  readonly #attachments = new AttachmentReader();
  #format: 'unknown' | 'pcapng' | PcapHeader = 'unknown';
  #little = true;

  /** The items that end in this piece. @throws Malformed: nothing more can be read */
  *feed(piece: Uint8Array): Generator<Item> {
    this.#window.add(piece);
    for (let more: Item | 'more' | null = 'more'; more !== null; ) {
      more = this.#next();
      if (more !== null && more !== 'more') yield more;
    }
  }

  /** Why the file is not whole, in one sentence without its end; null: it is. @throws Malformed for a file that is none */
  end(): string | null {
    const { at, size } = this.#window;
    if (this.#format === 'unknown')
      throw new Malformed(0, size === 0 ? 'it is empty' : 'it is too short to be a capture');
    if (size > 0) return `it ends within a record that begins at byte ${at}`;
    return this.#attachments.unfinished ? 'it ends within what netdoctor keeps there' : null;
  }

  /** One item, `more`: go on, null: the rest has not come yet. */
  #next(): Item | 'more' | null {
    if (this.#format === 'unknown') return this.#begin();
    return this.#format === 'pcapng' ? this.#block() : this.#record(this.#format);
  }

  #begin(): Item | 'more' | null {
    const magic = this.#window.peek(4);
    if (!magic) return null;
    if (magic.readUInt32LE() === BLOCK.section) {
      this.#format = 'pcapng';
      return 'more';
    }
    const header = pcapHeader(this.#window);
    if (header === null) return null;
    this.#format = header;
    return { type: 'section', format: 'pcap', application: null, os: null, comments: [] };
  }

  #record(header: PcapHeader): Item | null {
    if (!header.told) {
      header.told = true;
      return header.interface;
    }
    const { at } = this.#window;
    const head = this.#window.peek(RECORD);
    return head ? pcapPacket(this.#window, new Fields(head, header.little, at), header) : null;
  }

  #block(): Item | 'more' | null {
    const { at } = this.#window;
    const head = this.#window.peek(AROUND);
    if (!head) return null;
    const type = head.readUInt32LE();
    // The block that says the byte order is the same in both, and its length is in the one that it says.
    if (type === BLOCK.section) this.#little = byteOrder(head.readUInt32LE(8), at);
    const fields = new Fields(head, this.#little, at);
    const length = fields.u32(4);
    if (length % 4 !== 0 || length < (type === BLOCK.section ? SECTION_LEAST : AROUND))
      throw new Malformed(at, `a block of ${length} bytes cannot be`);
    if (length > LONGEST_BLOCK)
      throw new Malformed(at, `a block of ${length} bytes is longer than any reader takes`);
    const whole = this.#window.take(length);
    if (!whole) return null;
    const block = new Fields(whole, this.#little, at);
    const again = block.u32(length - 4);
    if (again !== length)
      throw new Malformed(at, `a block of ${length} bytes says at its end that it has ${again}`);
    const body = block.part(8, length - AROUND);
    const kind = block.u32(0);
    try {
      if (kind === BLOCK.custom) return this.#custom(body, at);
      return this.#blocks.read(kind, body, at) ?? 'more';
    } catch (error) {
      if (error instanceof RangeError) throw new Malformed(at, 'a block is shorter than what it holds');
      throw error;
    }
  }

  #custom(body: Fields, at: number): Item | 'more' {
    const attachment = this.#attachments.take(body.bytes.subarray(4), at);
    return attachment ? { type: 'attachment', ...attachment } : 'more';
  }
}

/** Little-endian? */
function byteOrder(magic: number, at: number): boolean {
  if (magic === BYTE_ORDER) return true;
  if (magic === swapped(BYTE_ORDER)) return false;
  throw new Malformed(at, 'its section has no byte order');
}
