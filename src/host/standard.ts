/**
 * Standard output and error. Node makes a stream when it is first asked for one, which takes as long as most commands take to
 * say all that they say: what a pipe or a file takes at once goes there without. A terminal is a stream in any case, and so is
 * a pipe from the moment that it is full: what it has no room for, Node keeps until somebody reads.
 */
import { constants, fstatSync, openSync, writeSync } from 'node:fs';

type Stream = NodeJS.WriteStream;
type OnError = (error: NodeJS.ErrnoException) => void;

export class Standard {
  readonly #open: () => Stream;
  readonly #fd: number;
  readonly #onError: OnError[] = [];
  #stream: Stream | undefined;
  /** What takes bytes without a stream: undefined before it was looked for, null where nothing does. */
  #direct: number | null | undefined;

  /** `open` gives the stream of this descriptor, the same one each time. */
  constructor(fd: number, open: () => Stream) {
    this.#fd = fd;
    this.#open = open;
  }

  get isTTY(): boolean {
    return kindOf(this.#fd) === 'device' && Boolean(this.#made().isTTY);
  }

  get columns(): number | undefined {
    return this.isTTY ? this.#made().columns : undefined;
  }

  /** Bytes that wait for a reader. */
  get writableLength(): number {
    return this.#stream?.writableLength ?? 0;
  }

  /** Errors of writing are told by the stream, which is made for the first that there is. */
  on(_event: 'error', listener: OnError): void {
    this.#onError.push(listener);
    this.#stream?.on('error', listener);
  }

  write(text: string, done: () => void = () => {}): void {
    const rest = this.#stream ? text : this.#written(text);
    if (rest.length > 0) this.#made().write(rest, done);
    else process.nextTick(done);
  }

  /** What is left of it. */
  #written(text: string): string | Buffer {
    this.#direct ??= directly(this.#fd);
    if (this.#direct === null) return text;
    const bytes = Buffer.from(text);
    let at = 0;
    try {
      while (at < bytes.length) at += writeSync(this.#direct, bytes, at);
    } catch {
      // It is full, or nobody reads it: the stream waits, or says so.
    }
    return bytes.subarray(at);
  }

  #made(): Stream {
    if (!this.#stream) {
      this.#stream = this.#open();
      for (const listener of this.#onError) this.#stream.on('error', listener);
    }
    return this.#stream;
  }
}

function kindOf(fd: number): 'pipe' | 'file' | 'device' | 'other' {
  try {
    const stat = fstatSync(fd);
    return stat.isFIFO() ? 'pipe' : stat.isFile() ? 'file' : stat.isCharacterDevice() ? 'device' : 'other';
  } catch {
    return 'other';
  }
}

/**
 * A descriptor that takes at once what there is room for. Of a pipe it is one of its own, since whoever shares the other with
 * this program may want it to wait: open(2), O_NONBLOCK; proc_pid_fd(5).
 */
function directly(fd: number): number | null {
  const kind = kindOf(fd);
  if (kind === 'file') return fd;
  if (kind !== 'pipe') return null;
  try {
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return null;
  }
}
