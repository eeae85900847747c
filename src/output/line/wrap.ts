import { type Line, row, span, type Tone } from './span.ts';
import { graphemes, widthOf } from './width.ts';

/** A word cut where the cells end, each grapheme looked at once: a stranger's word may be of any length. */
function broken(word: string, width: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  let used = 0;
  for (const grapheme of graphemes(word)) {
    const cells = widthOf(grapheme);
    // A wide character in a single cell would not fit at all: it stands alone.
    if (used + cells > width && piece !== '') {
      pieces.push(piece);
      piece = '';
      used = 0;
    }
    piece += grapheme;
    used += cells;
  }
  return [...pieces, piece];
}

/** A text broken between words into rows of at most `cells`; a longer word is broken where it must. */
export function wrapText(text: string, cells: number): string[] {
  const width = Math.max(1, cells);
  const rows: string[] = [];
  let current = '';
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const joined = current === '' ? word : `${current} ${word}`;
    if (widthOf(joined) <= width) {
      current = joined;
      continue;
    }
    if (current !== '') rows.push(current);
    const pieces = widthOf(word) > width ? broken(word, width) : [word];
    current = pieces.pop()!;
    rows.push(...pieces);
  }
  if (current !== '' || rows.length === 0) rows.push(current);
  return rows;
}

/** Prose behind a label, hanging: the following rows start where the text does. */
export function paragraph(label: string, text: string, columns: number, tone: Tone = 'plain'): Line[] {
  const indent = widthOf(label);
  return wrapText(text, columns - indent).map((part, index) =>
    index === 0 ? [span(label, 'dim'), span(part, tone)] : row(' '.repeat(indent) + part, tone),
  );
}

/**
 * A command that shows something again, behind `$`: never broken, since it would not be one any more. Where it does not
 * fit behind the indent it begins further left.
 */
export function commandRow(command: string, indent: number, columns: number): Line {
  const text = `$ ${command}`;
  return row(' '.repeat(Math.max(0, Math.min(indent, columns - widthOf(text)))) + text, 'dim');
}
