/** The parts of a reference page. */
export const NOTE = '<!-- Written by `npm run reference` from the source. Change it there. -->';

export const code = (text: string): string => `\`\`\`\n${text}\n\`\`\``;

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows]
    .map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');

export const joined = (parts: readonly string[]): string => `${parts.join('\n\n')}\n`;
