/**
 * Characters of strangers that must not reach a screen: controls, formats (bidi, zero-width, tags), separators, and what
 * is drawn as nothing, as a whole set of Unicode's properties (UAX 44). Those of strangers only: see `plain`.
 */
const UNSHOWN =
  /\p{Cc}|\p{Cf}|\p{Cs}|\p{Zl}|\p{Zp}|\p{Default_Ignorable_Code_Point}|\p{Variation_Selector}|\u2800|[\ufff9-\ufffb]/gu;

/** Almost every text. */
const ASCII = /^[\u0020-\u007e]*$/;

declare const printable: unique symbol;
/** A text that has been through `plain`; a line of the screen is made of nothing else. */
export type Printable = string & { readonly [printable]: true };

/**
 * Text from the machine or the network, safe to show: what would move the cursor, turn the reading direction or be
 * invisible is removed (a container's name, a rule's comment and a DNS answer are written by strangers).
 */
export function plain(text: string): Printable {
  if (ASCII.test(text)) return text as Printable;
  return text.replace(UNSHOWN, (c) => (c === '\n' || c === '\t' ? ' ' : '')) as Printable;
}

/** `plain` for a text of several lines: newlines stay. */
export const plainLines = (text: string): string => text.split('\n').map(plain).join('\n');

/** The text with each unshown character as `write` tells its UTF-16 units: what was escaped can be had back. */
export const escapeUnshown = (text: string, write: (character: string) => string): string =>
  ASCII.test(text) ? text : text.replace(UNSHOWN, write);

/** A name; one that would lose characters by being shown is told as a shell would write it, since it is another one. */
export const named = (name: string): Printable =>
  plain(name) === name ? (name as Printable) : plain(quote(name));

const SAFE = /^[\w@%+=:,./-]+$/;

/** `\x1b`: each byte of its UTF-8. */
const bytes = (character: string): string =>
  [...new TextEncoder().encode(character)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');

/**
 * One argument quoted for a shell, so that a shown command can be pasted. A word that cannot be shown as it is stands as
 * bash's `$'…'` (bash(1), QUOTING): nothing of it is left out, or the command would be about another thing.
 */
export function quote(word: string): string {
  if (SAFE.test(word)) return word;
  if (plain(word) === word) return `'${word.replaceAll("'", "'\\''")}'`;
  return `$'${escapeUnshown(
    word.replace(/['\\]/g, (sign) => `\\${sign}`),
    bytes,
  )}'`;
}

/** An argument list as one pasteable line. */
export const shellLine = (argv: readonly string[]): string => argv.map(quote).join(' ');

/** `3 packets`, `1 packet`. */
export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

/** Milliseconds as people count them: `1.5 s`. */
export const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

/** `1.0 s`; `1.0 to 3.0 s` where the two are not told alike. Milliseconds. */
export function spanInSeconds({ least, most }: { readonly least: number; readonly most: number }): string {
  const [from, to] = [seconds(least), seconds(most)];
  return from === to ? to : `${from.replace(/ s$/, '')} to ${to}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function list(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** With a capital letter, whatever it begins with. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A sentence begins with a capital letter; a device's or a container's own name stays as it is written. */
export const sentence = (text: string): string =>
  text.replace(/^(the|its|a|an|nobody|this|rule|neither) /, capital);
