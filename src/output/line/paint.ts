import type { Line, Tone } from './span.ts';

/** SGR parameters: [on, off]. The sixteen basic colours only, so that light and dark themes both stay readable. */
const COLOURED: Record<Tone, readonly [string, string] | null> = {
  plain: null,
  good: ['32', '39'],
  bad: ['31', '39'],
  warn: ['33', '39'],
  accent: ['36', '39'],
  strong: ['1', '22'],
  dim: ['2', '22'],
  wrong: ['4', '24'],
};

/** NO_COLOR forbids colour, not weight or underline. */
const COLOURLESS: Record<Tone, readonly [string, string] | null> = {
  ...COLOURED,
  good: null,
  bad: null,
  warn: null,
  accent: null,
};

/** Every code that paint writes. */
export const CODES: readonly string[] = [...new Set(Object.values(COLOURED).flatMap((codes) => codes ?? []))];

export type Palette = 'colour' | 'no-colour' | 'bare';

/** A row as the terminal wants it; `bare` for what is not a terminal that understands SGR at all. */
export function paint(line: Line, palette: Palette): string {
  const table = palette === 'colour' ? COLOURED : COLOURLESS;
  return line
    .map(({ text, tone }) => {
      const codes = palette === 'bare' ? null : table[tone];
      return codes === null || text === '' ? text : `\u001b[${codes[0]}m${text}\u001b[${codes[1]}m`;
    })
    .join('');
}

export const paintAll = (lines: readonly Line[], palette: Palette): string =>
  lines.map((line) => paint(line, palette)).join('\n');
