import { textOf } from '../../output/line/span.ts';
import { paragraph } from '../../output/line/wrap.ts';

/** Cells of a row of prose at most: longer rows are hard to follow back to the next one's beginning. */
export const READABLE = 100;

/** A text behind its mark, hanging: `✓ Make the bridge br-nat`. */
export const hanging = (mark: string, text: string, columns: number): string[] =>
  paragraph(mark === '' ? '' : `${mark} `, text, Math.min(columns, READABLE)).map(textOf);
