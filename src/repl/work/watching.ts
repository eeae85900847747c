/** A watch in the conversation: what happens as it does, and the whole after Ctrl-C. */
import { problemOf } from '../problems.ts';
import type { Input } from '../state.ts';
import type { WatchWish } from '../watch-wish.ts';
import { begun, type Desk, type Work } from './work.ts';

export function watching(desk: Desk, wish: WatchWish): Work {
  const abort = new AbortController();
  const end = begun(desk);
  const { glyphs, size } = desk.state();
  return {
    // As it was meant: the whole is told then.
    stop: () => abort.abort(),
    ended: desk.around
      .watch(
        wish,
        { glyphs, columns: size.columns - 1 },
        (lines) => desk.send({ type: 'told', lines }),
        abort.signal,
      )
      .then(
        (lines): Input => ({ type: 'outcome', line: '', outcome: { type: 'say', lines } }),
        (error: unknown): Input => ({ type: 'failed', line: '', problem: problemOf(error) }),
      )
      .then(end),
  };
}
