/** A line, as words with their places; quotes and backslashes as in a POSIX shell, nothing else is special. */

export interface Word {
  readonly text: string;
  /** Offsets in the line. */
  readonly start: number;
  readonly end: number;
  /** A quote that is not closed. */
  readonly open: boolean;
}

/** Splits a line; never throws, whatever the line. */
export function split(line: string): Word[] {
  const words: Word[] = [];
  let index = 0;
  while (index < line.length) {
    if (/\s/.test(line[index]!)) {
      index += 1;
      continue;
    }
    const start = index;
    let text = '';
    let quote: string | null = null;
    for (; index < line.length; index += 1) {
      const character = line[index]!;
      if (quote === null && /\s/.test(character)) break;
      if (character === quote) quote = null;
      else if (quote === null && (character === '"' || character === "'")) quote = character;
      else if (character === '\\' && quote !== "'" && index + 1 < line.length) {
        index += 1;
        text += line[index]!;
      } else text += character;
    }
    words.push({ text, start, end: index, open: quote !== null });
  }
  return words;
}

/** The words before the cursor and the one it stands in or after, as completion sees them. */
export function wordAtCursor(before: string): { readonly done: readonly string[]; readonly word: Word } {
  const words = split(before);
  const last = words.at(-1);
  if (last && last.end === before.length && (last.open || !/\s$/.test(before))) {
    return { done: words.slice(0, -1).map(({ text }) => text), word: last };
  }
  const word = { text: '', start: before.length, end: before.length, open: false };
  return { done: words.map(({ text }) => text), word };
}
