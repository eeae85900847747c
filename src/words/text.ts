/**
 * Text from the machine or the network, safe to show: C0 and C1 controls, bidi overrides and
 * line separators are removed (a container's name, a rule's comment and a DNS answer are written by strangers).
 */
export function plain(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, (c) =>
    c === '\n' || c === '\t' ? ' ' : '',
  );
}

/** `plain` for a text of several lines: newlines stay. */
export const plainLines = (text: string): string => text.split('\n').map(plain).join('\n');

const SAFE = /^[\w@%+=:,./-]+$/;

/** One argument quoted for a POSIX shell, so that a shown command can be pasted. */
export const quote = (word: string): string =>
  SAFE.test(word) ? word : `'${plain(word).replaceAll("'", "'\\''")}'`;

/** An argument list as one pasteable line. */
export const shellLine = (argv: readonly string[]): string => argv.map(quote).join(' ');

/** `3 packets`, `1 packet`. */
export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

/** `a`, `a and b`, `a, b and c`. */
export function list(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** A sentence begins with a capital letter; a device's or a container's own name stays as it is written. */
export const sentence = (text: string): string =>
  text.replace(/^(the|its|a|an|nobody|this|rule|neither) /, (word) => word[0]!.toUpperCase() + word.slice(1));
