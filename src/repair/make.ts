/** Carrying out one change, and saying what the machine answered. */
import type { Machine } from '../host/machine.ts';
import type { Change } from '../model/fix.ts';
import { plain } from '../words/text.ts';
import { changeLine } from './change-line.ts';
import { writeFile } from './file.ts';
import { because } from './journal/journal.ts';

/** The longest that one command of a fix may take, in milliseconds: `docker network connect` waits for its daemon. */
const TIMEOUT = 60_000;

/** Makes the change. Null when it was made; else one sentence that says why not. */
export async function make(machine: Machine, change: Change): Promise<string | null> {
  if ('file' in change) {
    const written = await writeFile(machine, change);
    return written.known ? null : `${changeLine(change)}: ${because(written.detail)}`;
  }
  const answer = await machine.run(change.run, { timeout: TIMEOUT });
  if (!answer.known) return `${changeLine(change)}: ${answer.detail}`;
  if (answer.value.code === 0) return null;
  const said = plain(answer.value.stderr.trim() || answer.value.stdout.trim());
  return `${changeLine(change)}: ${said || `exit code ${answer.value.code}`}`;
}
