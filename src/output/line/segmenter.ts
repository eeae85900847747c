/**
 * Intl.Segmenter as the packages of Ink are given it in the bundle (bin/ink.mjs): graphemes of what netdoctor draws are its
 * characters, and the real one, which takes 10 ms to make, is made for other texts alone.
 */
import { isNarrow } from './width.ts';

/** Sequences that set a colour, and ends of rows, stand for themselves too. */
const CONTROLS = /[\u001b\n]/g;

/** Each character of a text. */
class Characters {
  readonly #input: string;

  constructor(input: string) {
    this.#input = input;
  }

  containing(index = 0): Intl.SegmentData | undefined {
    const at = Math.trunc(index);
    const segment = this.#input[at];
    return segment === undefined ? undefined : { segment, index: at, input: this.#input };
  }

  *[Symbol.iterator](): Generator<Intl.SegmentData> {
    for (let index = 0; index < this.#input.length; index++) yield this.containing(index)!;
  }
}

export class Segmenter {
  readonly #asked: ConstructorParameters<typeof Intl.Segmenter>;
  #real: Intl.Segmenter | undefined;

  constructor(...asked: ConstructorParameters<typeof Intl.Segmenter>) {
    this.#asked = asked;
  }

  segment(text: string): Characters | Intl.Segments {
    const { granularity = 'grapheme' } = this.#asked[1] ?? {};
    if (granularity === 'grapheme' && isNarrow(text.replace(CONTROLS, ''))) return new Characters(text);
    this.#real ??= new Intl.Segmenter(...this.#asked);
    return this.#real.segment(text);
  }
}
