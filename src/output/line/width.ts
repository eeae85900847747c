import stringWidth from 'string-width';
import { type Line, type Span, span, textOf } from './span.ts';

let segmenter: Intl.Segmenter | undefined;

/** Made when it is first needed: it takes 10 ms, and almost every text is narrow. */
function segmented(text: string): string[] {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/**
 * ASCII, Latin, and the arrows, lines and marks that netdoctor draws with: each takes one cell and stands for itself, whatever
 * stands beside it. Who knows more of widths has to read all emoji first, which takes 15 ms.
 */
const NARROW =
  /^[\u0020-\u007e\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u22ff\u2500-\u25fc\u2713-\u2717\u2800-\u28ff]*$/;

/** Is every character of a text one cell and one grapheme? */
export const isNarrow = (text: string): boolean => NARROW.test(text);

/** Segmenting takes the square of a text's length: a long one goes piece by piece. */
const PIECE = /.{1,512}/gsu;
const pieces = (text: string): readonly string[] => text.match(PIECE) ?? [];

/** What a person sees as the characters of a text. */
export const graphemes = (text: string): string[] =>
  // Segmenting costs 30 times as much as splitting, and almost every text is narrow.
  isNarrow(text) ? text.split('') : pieces(text).flatMap(segmented);

/** Cells a text takes on a terminal. */
export const widthOf = (text: string): number =>
  isNarrow(text) ? text.length : pieces(text).reduce((sum, piece) => sum + stringWidth(piece), 0);

export const lineWidth = (line: Line): number => widthOf(textOf(line));

/** The longest start of a text that fits into `cells`. */
export function fitting(text: string, cells: number): string {
  if (widthOf(text) <= cells) return text;
  let taken = '';
  let used = 0;
  for (const grapheme of graphemes(text)) {
    used += widthOf(grapheme);
    if (used > cells) break;
    taken += grapheme;
  }
  return taken;
}

/** A text of exactly `cells`: padded, or cut with a mark. */
export function cell(text: string, cells: number, more = '…'): string {
  const width = widthOf(text);
  if (width <= cells) return text + ' '.repeat(cells - width);
  if (cells < widthOf(more)) return ' '.repeat(Math.max(0, cells));
  const cut = fitting(text, cells - widthOf(more)) + more;
  return cut + ' '.repeat(cells - widthOf(cut));
}

/** A row cut to `cells`; what does not fit is marked. */
export function cut(line: Line, cells: number, more = '…'): Line {
  if (lineWidth(line) <= cells) return line;
  const spans: Span[] = [];
  let left = cells - widthOf(more);
  for (const { text, tone } of line) {
    const part = fitting(text, left);
    if (part !== '') spans.push(span(part, tone));
    left -= widthOf(part);
    if (part !== text) break;
  }
  if (cells >= widthOf(more)) spans.push(span(more, 'dim'));
  return spans;
}
