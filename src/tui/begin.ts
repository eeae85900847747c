/** What every conversation begins with, whatever draws it. */
import type { Machine } from '../host/machine.ts';
import { Failure } from '../model/failure.ts';
import { glyphsFor } from '../output/glyphs.ts';
import { stateDirectory } from '../repair/journal/place.ts';
import { readHistory, writeHistory } from '../repl/history.ts';
import { type Hands, openSession, type Session } from '../repl/session.ts';
import { firstState, type Size } from '../repl/state.ts';
import type { Surroundings } from '../repl/surroundings.ts';
import type { TuiContext } from './context.ts';
import { wantsLines } from './plain.ts';
import { surroundingsOf } from './surroundings.ts';

/** Opens the session; the history is read, and kept from here on. */
export function begin(context: TuiContext, size: Size, hands: Omit<Hands, 'keepHistory'>): Session {
  const { machine, target, defaults } = context;
  const around = heard(context.around ?? surroundingsOf(machine), context.onDiagnosis);
  const file = historyFile(machine);
  const kept = file === null ? null : machine.readForeign(file, { most: 1024 * 1024, trusted: true });
  const lines = wantsLines(machine.env);
  const first = {
    ...firstState(size, glyphsFor(machine.env), defaults),
    settings: context.settings ?? {},
    target,
    notice: target === null && !lines ? 'Looking for containers' : null,
    echoes: !lines,
    history: readHistory(kept?.known ? kept.value : ''),
  };
  return openSession(first, around, {
    ...hands,
    keepHistory: (history) => {
      if (file !== null) machine.write(file, writeHistory(history), { sync: true, mode: 0o600 });
    },
  });
}

/** Where the history is kept; null where others could put something else there. */
function historyFile(machine: Machine): string | null {
  try {
    return `${stateDirectory(machine)}/history`;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return null;
  }
}

/** Asks the question of the call, if it names a target, and looks for what can be named besides. */
export function askFirst({ send, lookAround }: Session, { target }: TuiContext): void {
  if (target !== null) send({ type: 'ask', wish: { target } });
  lookAround();
}

/** The same surroundings, which tell each verdict to whoever started the conversation. */
function heard(around: Surroundings, tell: TuiContext['onDiagnosis']): Surroundings {
  if (tell === undefined) return around;
  return {
    ...around,
    async *diagnose(question, signal) {
      for await (const event of around.diagnose(question, signal)) {
        if (event.type === 'diagnosis') tell(event.diagnosis);
        yield event;
      }
    },
  };
}
