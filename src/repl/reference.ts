/** The commands, keys and settings as Markdown, for the documentation; made from the tables the program works by. */
import { bindings, keyName } from './bindings.ts';
import type { Command } from './command.ts';
import { settings } from './settings.ts';

const cellOf = (text: string): string => text.replaceAll('|', '\\|');

/** A table whose columns are padded, as the formatter leaves them. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows].map((row) => row.map(cellOf));
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((text, column) => text.padEnd(widths[column]!)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  const [first, ...rest] = all;
  return [line(first!), rule, ...rest.map(line)].join('\n');
}

const code = (text: string): string => `\`${text}\``;

export function reference(commands: readonly Command[]): string {
  const keys = bindings.map((binding) => {
    const where = binding.onEmptyLine ? ', on an empty line' : '';
    return [binding.keys.map((key) => code(keyName(key))).join(' '), `${binding.does}${where}`];
  });
  return [
    '## Commands',
    table(
      ['command', 'does'],
      commands.map(({ name, usage, does }) => [code(`${name} ${usage}`.trimEnd()), does]),
    ),
    '## Keys',
    table(['key', 'does'], keys),
    '## Settings',
    table(
      ['`set`', 'what it is', 'values'],
      settings.map(({ name, does, values }) => [code(name), does, values.map(code).join(' ')]),
    ),
  ].join('\n\n');
}
