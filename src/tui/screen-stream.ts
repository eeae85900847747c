/** The terminal as Ink sees it. */
import { EventEmitter } from 'node:events';

const BEGIN = '\u001b[?2026h';
const END = '\u001b[?2026l';

/**
 * Stands between Ink and the terminal, for three reasons. Ink clears the terminal *and its scrollback* as soon as the
 * last frame was as high as the terminal, also when the terminal merely became lower: it is told of endless rows, and
 * the height is kept by the picture. A frame that Ink writes in several pieces arrives as one, so that nothing is seen
 * half drawn. And the frames are counted.
 */
export class ScreenStream extends EventEmitter {
  readonly isTTY = true;
  readonly writable = true;
  readonly rows = 1_000_000;
  /** Whatever is written meanwhile is thrown away. */
  mute = false;
  frames = 0;
  bytes = 0;
  readonly #terminal: NodeJS.WriteStream;
  #held: string[] | null = null;

  constructor(terminal: NodeJS.WriteStream) {
    super();
    this.#terminal = terminal;
  }

  get columns(): number {
    return this.#terminal.columns || 80;
  }

  write(text: string, ...rest: unknown[]): boolean {
    if (this.mute) return true;
    if (text === BEGIN) this.#held = [];
    this.#held?.push(text);
    if (this.#held !== null && text !== END) return true;
    const frame = this.#held?.join('') ?? text;
    this.#held = null;
    const done = rest.find((each): each is () => void => typeof each === 'function');
    this.frames += 1;
    this.bytes += Buffer.byteLength(frame);
    return this.#terminal.write(frame, done);
  }

  getColorDepth(): number {
    return 1;
  }

  hasColors(): boolean {
    return false;
  }
}
