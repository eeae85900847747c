/** A problem that ended the program, in three parts: what, why, what to type. */
import type { Problem } from '../model/failure.ts';
import { plain } from '../words/text.ts';
import { type Glyphs, unicode } from './glyphs.ts';
import { type Palette, paint } from './line/paint.ts';
import { type Line, span } from './line/span.ts';
import { paragraph } from './line/wrap.ts';

export interface FailureOptions {
  readonly columns: number;
  readonly glyphs?: Glyphs;
  readonly palette?: Palette;
}

/** The first sentence of a message says what; the others say why. */
function parts(message: string): [what: string, why: string] {
  const [, what = message, why = ''] = /^(.+?[.!?])\s+(?=["A-Z(])(.*)$/s.exec(message) ?? [];
  return [what, why];
}

export function failureText(
  problem: Problem,
  { columns, glyphs = unicode, palette = 'bare' }: FailureOptions,
): string {
  const [what, why] = parts(plain(problem.message));
  const [head, ...tail] = paragraph('  ', what, columns, 'strong');
  const lines: Line[] = [
    [span(`${glyphs.bad} `, 'bad'), ...(head ?? []).slice(1)],
    ...tail,
    ...(why === '' ? [] : paragraph('  why   ', why, columns)),
    ...(problem.hint === '' ? [] : paragraph('  do    ', plain(problem.hint), columns)),
  ];
  return `${lines.map((line) => paint(line, palette)).join('\n')}\n`;
}
