/** A rule's line as words, and back (xtables_save_string of libxtables); and without what somebody wrote into it. */

const WORD = /"(?:[^"\\]|\\.)*"|\S+/g;

/**
 * The line without what stands in quotes (comments, log prefixes): that says nothing of what the rule does. One search
 * before the pattern: there may be fifty thousand lines.
 */
export const unquoted = (text: string): string =>
  text.includes('"') ? text.replace(/"(?:[^"\\]|\\.)*"/g, '""') : text;

/** Splits an `iptables -S` line into arguments; quoted comments stay whole. */
export const words = (text: string): string[] =>
  (text.match(WORD) ?? []).map((word) =>
    word.startsWith('"') ? word.slice(1, -1).replace(/\\(.)/g, '$1') : word,
  );

/**
 * Does the line say the rule letter by letter, so that its words make the same rule again? Not one that is broken over
 * lines by a comment, or quoted in a way that can be read twice.
 */
export function saysItself(text: string): boolean {
  if (/[\u0000-\u001f\u007f]/.test(text)) return false;
  const whole = text.match(WORD) ?? [];
  return (
    whole.join(' ') === text &&
    whole.every((word) => /^"(?:[^"\\]|\\["\\'])*"$/.test(word) || !/["\\]/.test(word))
  );
}
