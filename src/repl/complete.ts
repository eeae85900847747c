/** Tab, the grey text and the underlined word: three readings of the same tables. */
import type { Command } from './command.ts';
import { type History, recall } from './history.ts';
import { type Choice, fill, type Names } from './names.ts';
import { split, type Word, wordAtCursor } from './parse.ts';

export interface Completion {
  /** Where in the line the word begins that the choices stand for. */
  readonly start: number;
  readonly choices: readonly Choice[];
}

type Table = readonly Command[];

function choicesFor(done: readonly string[], table: Table, names: Names): Choice[] {
  const [first, ...rest] = done;
  if (first === undefined) return fill('command', names);
  const found = table.find(({ name }) => name === first);
  const all = found ? found.slots(rest).flatMap((slot) => fill(slot, names)) : [];
  return all.filter((one, index) => all.findIndex(({ text }) => text === one.text) === index);
}

/** What could stand where the cursor is. */
export function complete(before: string, table: Table, names: Names): Completion {
  const { done, word } = wordAtCursor(before);
  const choices = choicesFor(done, table, names).filter(({ text }) => text.startsWith(word.text));
  return { start: word.start, choices };
}

/** The longest start that all choices share. */
export function sharedStart(choices: readonly Choice[]): string {
  const [first, ...rest] = choices.map(({ text }) => text);
  let shared = first ?? '';
  for (const text of rest) while (!text.startsWith(shared)) shared = shared.slice(0, -1);
  return shared;
}

/** A choice as it is written into the line: quoted where it would be split. */
export const written = (text: string): string =>
  /[\s'"\\]/.test(text) ? `'${text.replaceAll("'", "'\\''")}'` : text;

/** The grey text behind the cursor: an earlier line that begins so, else the only possible word. */
export function ghost(line: string, history: History, table: Table, names: Names): string {
  if (line === '') return '';
  const earlier = recall(history, line);
  if (earlier !== undefined) return earlier.slice(line.length);
  if (/\s$/.test(line)) return '';
  const { start, choices } = complete(line, table, names);
  const typed = line.slice(start);
  const [only, other] = choices;
  return only && !other && only.text.startsWith(typed) ? only.text.slice(typed.length) : '';
}

/** The first word that cannot be right, once the cursor has left it. */
export function wrongWord(line: string, table: Table): Word | null {
  const [first] = split(line);
  if (!first || (first.end === line.length && !first.open)) return null;
  return table.some(({ name }) => name === first.text) ? null : first;
}
