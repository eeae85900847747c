/** What a rollback timer did not live to do is done, or said, before anything else. */
import type { Machine } from '../host/machine.ts';
import { Failure } from '../model/failure.ts';
import type { Command } from './command.ts';
import type { Screen } from './screen.ts';

/** Never hinders the call: a journal that cannot be believed is told by the commands that need it. */
export async function tellOverdue(
  { overdue: wish }: Pick<Command, 'overdue'>,
  readOnly: boolean,
  machine: () => Promise<Machine>,
  screen: Pick<Screen, 'err'>,
): Promise<void> {
  if (wish === 'unasked') return;
  try {
    const here = await machine();
    const { mayWait } = await import('../repair/journal/place.ts');
    if (!mayWait(here)) return;
    const [{ overdue, settleOverdue }, { overdueLine }] = await Promise.all([
      import('../repair/overdue.ts'),
      import('../repair/words.ts'),
    ]);
    const late = overdue(here);
    if (late.length === 0) return;
    if (readOnly || wish !== 'settled') {
      for (const entry of late) screen.err(`${overdueLine(entry)}\n`);
      return;
    }
    for (const { entry, result } of await settleOverdue(here, late))
      if (result !== 'not needed') screen.err(`${overdueLine(entry, result)}\n`);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (wish === 'settled') screen.err(`${error.problem.message}\n`);
  }
}
