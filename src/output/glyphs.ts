/** The marks of the screen. Every one stands beside a word that says the same. */
export type Mark = 'good' | 'bad' | 'unsure' | 'idle';

export interface Glyphs extends Readonly<Record<Mark, string>> {
  readonly prompt: string;
  readonly arrow: string;
  readonly more: string;
  readonly chosen: string;
  readonly ascii: boolean;
}

export const unicode: Glyphs = {
  good: '✓',
  bad: '✗',
  unsure: '?',
  idle: '·',
  prompt: '▸',
  arrow: '→',
  more: '…',
  chosen: '›',
  ascii: false,
};

/** For the Linux console, and locales that are not UTF-8. */
export const ascii: Glyphs = {
  good: '+',
  bad: 'x',
  unsure: '?',
  idle: '.',
  prompt: '>',
  arrow: '->',
  more: '~',
  chosen: '>',
  ascii: true,
};

/** Which marks this terminal can show, from its environment: locale(7), and the consoles without the glyphs. */
export function glyphsFor(env: Readonly<Record<string, string | undefined>>): Glyphs {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  const utf8 = /utf-?8/i.test(locale);
  return utf8 && env.TERM !== 'linux' && env.TERM !== 'dumb' ? unicode : ascii;
}
