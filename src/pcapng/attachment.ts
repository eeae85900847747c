/**
 * A text of netdoctor's own in custom blocks, compressed, in parts that every reader has room for. A part begins with a line
 * that says what it is: `netdoctor/recording/1 2/3 1048576`, its number, of how many, and its length without padding.
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import { type Attachment, Malformed } from './content.ts';

/** Nobody has given netdoctor a number; this one is for whoever has none: RFC 5612. The line tells whose a block is. */
export const ENTERPRISE = 32473;

/** libpcap takes no block above 16 MiB. Bytes. */
const PART = 1024 * 1024;
/** Compressed, in all; and what may come of it. Bytes. */
const MOST = 32 * 1024 * 1024;
const MOST_TEXT = 64 * 1024 * 1024;
const LINE = /^(netdoctor\/[a-z]{1,20}\/\d{1,3}) ([1-9]\d{0,2})\/([1-9]\d{0,2}) (\d{1,8})\n/;

export function attachmentParts({ name, text }: Attachment): Uint8Array[] {
  const bytes = gzipSync(text);
  const parts = Math.max(1, Math.ceil(bytes.length / PART));
  return Array.from({ length: parts }, (_, at) => {
    const part = bytes.subarray(at * PART, (at + 1) * PART);
    return Buffer.concat([Buffer.from(`${name} ${at + 1}/${parts} ${part.length}\n`), part]);
  });
}

/** Puts the parts of an attachment together again, which come one after the other. */
export class AttachmentReader {
  #parts: Uint8Array[] = [];
  #size = 0;

  /** The whole, with its last part; undefined before, and for what is not ours. @throws Malformed */
  take(block: Uint8Array, at: number): Attachment | undefined {
    const head = LINE.exec(Buffer.from(block.subarray(0, 64)).toString('latin1'));
    if (!head) return undefined;
    const [line, name, number, of, length] = head as unknown as [string, string, string, string, string];
    const part = block.subarray(line.length, line.length + Number(length));
    if (part.length !== Number(length)) throw new Malformed(at, `a part of ${name} is shorter than it says`);
    if (Number(number) !== this.#parts.length + 1 || Number(number) > Number(of))
      throw new Malformed(at, `part ${number} of ${name} comes where part ${this.#parts.length + 1} should`);
    this.#size += part.length;
    if (this.#size > MOST) throw new Malformed(at, `${name} is longer than ${MOST} bytes`);
    // A view would hold the whole piece of the file it was read from.
    this.#parts.push(Uint8Array.from(part));
    if (number !== of) return undefined;
    const whole = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#size = 0;
    try {
      return { name, text: gunzipSync(whole, { maxOutputLength: MOST_TEXT }).toString('utf8') };
    } catch (error) {
      throw new Malformed(
        at,
        `${name} cannot be unpacked: ${(error as NodeJS.ErrnoException).code ?? 'damaged'}`,
      );
    }
  }

  /** Parts came, and their last one did not. */
  get unfinished(): boolean {
    return this.#parts.length > 0;
  }
}
