/** The parts of a reference page. */
export const NOTE = '<!-- Written by `npm run reference` from the source. Change it there. -->';

export const code = (text: string): string => `\`\`\`\n${text}\n\`\`\``;

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows]
    .map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');

/** What is there to be looked up, and not to be read: a page shows one line of it until it is opened. */
export const folded = (summary: string, ...parts: readonly string[]): string[] => [
  `<details>\n<summary>${summary}</summary>`,
  ...parts,
  '</details>',
];

/** A page of parts, its prose in lines of one width. */
export const joined = (parts: readonly string[]): string => `${parts.map(wrapped).join('\n\n')}\n`;

/** Columns of a line of prose. */
export const WIDTH = 120;

/** Prose and lists in lines of one width; code, tables and what is indented stay as they are. */
export function wrapped(part: string): string {
  if (/^(```|\||<|#)/.test(part)) return part;
  return part
    .split('\n')
    .map((line) =>
      /^ {2}/.test(line) ? line : paragraph(line, ' '.repeat(/^(- |\d+\. )?/.exec(line)![0].length)),
    )
    .join('\n');
}

/** What would begin a list, a heading or a quotation at the start of a line. */
const SIGN = /^([-+*>]|#+|\d+[.)])$/;

/** What is not broken: a word, or code in it with all its blanks. */
const WORD = /(?:[^ `]|`[^`]*`?)+/g;

/** Breaks between words; `indent` begins all lines but the first. A word wider than a line stays whole. */
export function paragraph(text: string, indent = ''): string {
  const lines: string[] = [];
  for (const word of text.match(WORD) ?? []) {
    const last = lines.at(-1);
    if (last !== undefined && (`${last} ${word}`.length <= WIDTH || SIGN.test(word)))
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(last === undefined ? word : indent + word);
  }
  return lines.join('\n');
}
