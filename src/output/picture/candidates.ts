/** What can be a target, a row each: name, runtime, state, addresses. */
import type { Candidate } from '../../model/target.ts';
import { named, plain } from '../../words/text.ts';
import type { Glyphs } from '../glyphs.ts';
import { type Line, span } from '../line/span.ts';
import { cell, cut, widthOf } from '../line/width.ts';

const LONGEST_NAME = 32;

/** `chosen` is marked; -1: none. */
export function candidateLines(
  all: readonly Candidate[],
  columns: number,
  glyphs: Glyphs,
  chosen = -1,
): Line[] {
  const widest = (of: (one: Candidate) => string) =>
    Math.max(0, ...all.map((one) => widthOf(named(of(one)))));
  const name = Math.min(
    LONGEST_NAME,
    Math.floor(columns / 2),
    widest((one) => one.name),
  );
  const runtime = widest((one) => one.runtime);
  const state = widest((one) => one.state);
  return all.map((one, index) =>
    cut(
      [
        index === chosen ? span(`${glyphs.chosen} `, 'accent') : span('  '),
        span(cell(named(one.name), name, glyphs.more), index === chosen ? 'strong' : 'plain'),
        span(`  ${cell(plain(one.runtime), runtime)}`, 'dim'),
        span(`  ${cell(plain(one.state), state)}`, one.state === 'running' ? 'good' : 'dim'),
        ...(one.addresses.length > 0 ? [span(`  ${one.addresses.map(plain).join(' ')}`)] : []),
      ],
      columns,
      glyphs.more,
    ),
  );
}
