/** A capture on its way into files: each begins with what it takes to read it alone, and ends with its statistics. */
import { removeFile } from '../../host/files.ts';
import { cannotLook, Failure } from '../../model/failure.ts';
import type { Attachment, SavedPacket, Statistics } from '../../pcapng/content.ts';
import { attachmentBlocks, packetBlock, statisticsBlock } from '../../pcapng/writer.ts';
import { type Naming, nameOf } from './file-names.ts';
import { type Head, headBlocks } from './head.ts';
import { fileSink, pipeSink, type Sink } from './sink.ts';

export interface Into extends Naming {
  /** Bytes after which the next file is begun. */
  readonly size: number | null;
  /** Seconds after which the next file is begun. */
  readonly seconds: number | null;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const STANDARD_OUTPUT = '-';

export class Saving {
  /** Packets that are in a file. */
  saved = 0;
  /** Files that are there, the oldest first. */
  readonly files: string[] = [];
  readonly #head: Uint8Array[];
  readonly #into: Into;
  readonly #sinks: Sink[] = [];
  #number = 0;
  #begun = 0;
  #waiting: Uint8Array[] = [];
  /** Blocks that are no packets. */
  readonly #beside = new WeakSet<Uint8Array>();

  private constructor(head: Head, into: Into) {
    this.#into = into;
    this.#head = headBlocks(head);
  }

  /** Opens the first file, so that a name that cannot be is told before anything is listened to. @throws Failure */
  static async begin(head: Head, into: Into, signal: AbortSignal): Promise<Saving> {
    const saving = new Saving(head, into);
    await saving.#next(signal);
    return saving;
  }

  packet(packet: SavedPacket): void {
    this.#waiting.push(packetBlock(packet));
  }

  /** Something of netdoctor's own beside the packets. */
  attach(attachment: Attachment): void {
    for (const block of attachmentBlocks(attachment)) {
      this.#beside.add(block);
      this.#waiting.push(block);
    }
  }

  /** Writes what waits; why not all of it could be, or null. What was written is counted in `saved`. */
  async flush(signal: AbortSignal, statistics: () => readonly Statistics[]): Promise<string | null> {
    while (this.#waiting.length > 0) {
      if (this.#full()) {
        const refused = await this.#turn(signal, statistics());
        if (refused !== null) return refused;
      }
      const blocks = this.#waiting.splice(0, this.#fitting());
      const { blocks: written, refused } = await this.#sink.write(blocks, signal);
      this.saved += blocks.slice(0, written).filter((block) => !this.#beside.has(block)).length;
      if (refused !== null) return refused;
    }
    return null;
  }

  /** The file ends with these. Null, or why not all of it was kept. */
  async end(signal: AbortSignal, statistics: readonly Statistics[]): Promise<string | null> {
    const { refused } = await this.#sink.write(statistics.map(statisticsBlock), signal);
    return refused ?? this.#sink.close();
  }

  /** Nothing was captured, and nobody wants an empty file. */
  discard(): void {
    this.#sink.discard();
  }

  get #sink(): Sink {
    return this.#sinks.at(-1)!;
  }

  #full(): boolean {
    const { size, seconds, file } = this.#into;
    if (file === STANDARD_OUTPUT) return false;
    const tooLong = size !== null && this.#sink.size >= size;
    return tooLong || (seconds !== null && Date.now() - this.#begun >= seconds * 1000);
  }

  /** How many of the waiting blocks go into this file. */
  #fitting(): number {
    const { size } = this.#into;
    if (size === null) return this.#waiting.length;
    let room = size - this.#sink.size;
    const over = this.#waiting.findIndex((block) => {
      room -= block.length;
      return room <= 0;
    });
    return over < 0 ? this.#waiting.length : over + 1;
  }

  async #turn(signal: AbortSignal, statistics: readonly Statistics[]): Promise<string | null> {
    const kept = await this.end(signal, statistics);
    if (kept !== null) return kept;
    try {
      await this.#next(signal);
      return null;
    } catch (error) {
      // The capture ends in order; what is saved by then stays.
      if (error instanceof Failure) return error.problem.message;
      throw error;
    }
  }

  /** @throws Failure where the next file cannot be, or not even its beginning be written */
  async #next(signal: AbortSignal): Promise<void> {
    const { file, most, env } = this.#into;
    this.#begun = Date.now();
    if (file === STANDARD_OUTPUT) this.#sinks.push(pipeSink());
    else {
      const name = nameOf(this.#into, this.#number++, new Date());
      // The oldest of a ring is this capture's own, and gives its name to the newest.
      if (most !== null && this.files.length >= most) {
        this.#sinks.shift();
        removeFile(this.files.shift()!);
      }
      this.#sinks.push(fileSink(name, env));
      this.files.push(name);
    }
    const { refused } = await this.#sink.write(this.#head, signal);
    if (refused === null) return;
    this.#sink.discard();
    throw cannotLook(
      'unwritten',
      `The capture cannot be written: ${refused}.`,
      'Save it where there is room.',
    );
  }
}
