/** A diagnosis as plain text: title, path, verdict. The same rows as on the screen, once. */
import type { Diagnosis } from '../model/diagnosis.ts';
import { type Glyphs, unicode } from './glyphs.ts';
import { type Palette, paint } from './line/paint.ts';
import { finishedLines } from './picture/finished.ts';
import { titleLine } from './picture/path.ts';
import { newRun, type Run } from './run.ts';

export interface TextOptions {
  readonly columns: number;
  readonly glyphs?: Glyphs;
  readonly palette?: Palette;
  /** Every piece of evidence, not only what decided. */
  readonly all?: boolean;
}

/** The first line of such a text, from when the flow is known that it will be about. */
export const titleOfRun = (
  run: Run,
  { columns, glyphs = unicode, palette = 'bare' }: Omit<TextOptions, 'all'>,
): string => `${paint(titleLine(run, columns, glyphs), palette)}\n`;

/** A finished run ready for a stream; the verdicts of a name's other families follow the first. */
export function textOfRun(
  run: Run,
  { columns, glyphs = unicode, palette = 'bare', all }: TextOptions,
): string {
  const families = run.diagnosis?.families ?? [];
  return [run, ...families.map((diagnosis) => runOfDocument(diagnosis, run))]
    .map((one) =>
      finishedLines(one, columns, glyphs, { all })
        .map((line) => `${paint(line, palette)}\n`)
        .join(''),
    )
    .join('')
    .replace(/\n\n$/, '\n');
}

/** A run that knows only what the document says, and the words about the target, which every family shares. */
export const runOfDocument = (diagnosis: Diagnosis, { target }: Pick<Run, 'target'> = newRun): Run => ({
  ...newRun,
  target,
  diagnosis,
});
