/** The terminal as Ink sees it. */
import { EventEmitter } from 'node:events';

export const BEGIN = '\u001b[?2026h';
export const END = '\u001b[?2026l';

/** A frame that stands on the screen, as it was written there, and the sequence that takes it off. */
export interface Replaced {
  readonly frame: string;
  wipe(): string;
}

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
  #standing: Replaced | null;

  /** `standing`: what is on the screen in the place of the first frame already. */
  constructor(terminal: NodeJS.WriteStream, standing: Replaced | null = null) {
    super();
    this.#terminal = terminal;
    this.#standing = standing;
  }

  get columns(): number {
    return this.#terminal.columns || 80;
  }

  write(text: string, ...rest: unknown[]): boolean {
    if (this.mute) return true;
    if (text === BEGIN) this.#held = [];
    this.#held?.push(text);
    if (this.#held !== null && text !== END) return true;
    const frame = this.#inPlace(this.#held?.join('') ?? text);
    this.#held = null;
    const done = rest.find((each): each is () => void => typeof each === 'function');
    this.frames += 1;
    this.bytes += Buffer.byteLength(frame);
    return this.#terminal.write(frame, done);
  }

  /** The first frame is written in the place of what stands there; nothing of it where that is the same. */
  #inPlace(frame: string): string {
    const standing = this.#standing;
    if (standing === null) return frame;
    this.#standing = null;
    if (frame === standing.frame) return '';
    return frame.startsWith(BEGIN)
      ? `${BEGIN}${standing.wipe()}${frame.slice(BEGIN.length)}`
      : `${standing.wipe()}${frame}`;
  }

  getColorDepth(): number {
    return 1;
  }

  hasColors(): boolean {
    return false;
  }
}
