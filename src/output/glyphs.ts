/** The marks of the screen. Every one stands beside a word that says the same. */
export interface Glyphs {
  readonly good: string;
  readonly bad: string;
  readonly unsure: string;
  readonly idle: string;
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

/** Which marks this terminal can show, from its environment. */
export function glyphsFor(env: Readonly<Record<string, string | undefined>>): Glyphs {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  const utf8 = /utf-?8/i.test(locale);
  return utf8 && env.TERM !== 'linux' && env.TERM !== 'dumb' ? unicode : ascii;
}
