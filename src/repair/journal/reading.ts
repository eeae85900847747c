/** What is believed of an entry's file: its shape, its number, and commands that a fix or a recipe could have made. */
import { entry as shape } from '../../output/schema/documents/log.ts';
import { plain } from '../../words/text.ts';
import { type Entry, SCHEMA } from './entry.ts';
import { refusalOfCommand } from './programs.ts';

/** The entry, or the end of the sentence why it is none. `number`: what its file is called. */
export function readEntry(text: string, number: number): Entry | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'it is not JSON';
  }
  const schema = (value as { schema?: unknown } | null)?.schema;
  if (schema !== SCHEMA)
    return `its schema is ${plain(typeof schema === 'string' ? schema : `${JSON.stringify(schema)}`)}`;
  const read = shape.safeParse(value);
  if (!read.success) {
    const [issue] = read.error.issues;
    return `it is no entry of a journal: ${plain(`${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim())}`;
  }
  const entry = read.data as Entry;
  if (!/^\d{1,6}$/.test(entry.id) || Number(entry.id) !== number)
    return 'its number is not the one of its file';
  for (const change of [...entry.changes.map((one) => one.apply), ...entry.undo]) {
    const because =
      'run' in change ? refusalOfCommand(change.run.argv) : refusalOfFile(change.file, change.mode);
    if (because !== null) return because;
  }
  const access = entry.changes.flatMap((one) => one.before?.access ?? []);
  return access.every((mode) => MODE.test(mode)) ? entry : 'it writes a file of an odd mode';
}

/** As chmod(1) takes it, with its owner; never one that makes a program run as somebody else. */
const MODE = /^(0?[0-7]{3}( \d+:\d+)?)?$/;

/** A fix writes configuration: whole paths, and never a program that runs as somebody else. */
function refusalOfFile(file: string, mode: string): string | null {
  if (!/^\/[^\0]*$/.test(file) || file.split('/').includes('..'))
    return 'it writes a file without a whole path';
  return MODE.test(mode) ? null : 'it writes a file of an odd mode';
}
