/** A capture in the conversation: its lines as they come, until Ctrl-C. */
import { paragraph } from '../../output/line/wrap.ts';
import type { CaptureWish } from '../capture-wish.ts';
import { problemOf } from '../problems.ts';
import type { Input } from '../state.ts';
import { begun, type Desk, type Work } from './work.ts';

export function capturing(desk: Desk, wish: CaptureWish): Work {
  const abort = new AbortController();
  const end = begun(desk);
  const { glyphs, size } = desk.state();
  const columns = size.columns - 1;
  const shown = (lines: readonly string[]) => lines.flatMap((line) => paragraph('', line, columns));
  const tell = (lines: readonly string[]): void => desk.send({ type: 'told', lines: shown(lines) });
  return {
    // As it was meant: the last lines are told then.
    stop: () => abort.abort(),
    ended: desk.around
      .capture(wish, { glyphs, columns }, tell, abort.signal)
      .then(
        (lines): Input => ({ type: 'outcome', line: '', outcome: { type: 'say', lines: shown(lines) } }),
        (error: unknown): Input => ({ type: 'failed', line: '', problem: problemOf(error) }),
      )
      .then(end),
  };
}
