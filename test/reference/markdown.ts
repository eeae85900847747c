/** The parts of a reference page. */
export const NOTE = '<!-- Written by `npm run reference` from the source. Change it there. -->';

export const code = (text: string): string => `\`\`\`\n${text}\n\`\`\``;

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows]
    .map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');

export const joined = (parts: readonly string[]): string => `${parts.join('\n\n')}\n`;

/** Columns of a line of prose. */
const WIDTH = 120;

/** A paragraph in lines of one width; `indent` begins all lines but the first. A word wider than that stays whole. */
export function paragraph(text: string, indent = ''): string {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${word}`.length <= WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(last === undefined ? word : indent + word);
  }
  return lines.join('\n');
}
