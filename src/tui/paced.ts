/** A session seen at the pace of the eye. */
import type { Session } from '../repl/session.ts';
import type { Input, State } from '../repl/state.ts';

/** What React reads: a state that changes only when its watchers are told. */
export interface Store {
  state(): State;
  watch(listener: () => void): () => void;
}

/** What happens by itself, dozens of times in a moment; a person's own doing is shown at once. */
const BY_ITSELF: readonly Input['type'][] = ['event', 'elapsed', 'candidates', 'recipes', 'causes'];

/**
 * Tells of engine events at most every `interval` milliseconds. React works through each change before it returns, and
 * the time that takes is taken from the witnesses, who share the thread.
 */
export function paced(session: Session, interval: number): Store {
  let shown = session.state;
  let timer: NodeJS.Timeout | undefined;
  const listeners = new Set<() => void>();
  const publish = (): void => {
    clearTimeout(timer);
    timer = undefined;
    shown = session.state;
    for (const listener of listeners) listener();
  };
  session.watch((input) => {
    if (!BY_ITSELF.includes(input.type)) publish();
    else timer ??= setTimeout(publish, interval).unref();
  });
  return {
    state: () => shown,
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
