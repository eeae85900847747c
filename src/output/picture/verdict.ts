/** The verdict: where it stops, why, and what to do. Commands stand in column 0, unwrapped, so that they can be copied. */
import type { Finding } from '../../model/cause.ts';
import type { Diagnosis } from '../../model/diagnosis.ts';
import type { Change } from '../../model/fix.ts';
import { commandLine } from '../../model/netns.ts';
import { plain, plainLines, quote, shellLine } from '../../model/words.ts';
import type { Glyphs } from '../glyphs.ts';
import { type Line, row, span, type Tone } from '../line/span.ts';
import { paragraph, wrapText } from '../line/wrap.ts';

const TONES: Record<Diagnosis['status'], Tone> = { healthy: 'good', fault: 'bad', undecided: 'warn' };

const markOf = (status: Diagnosis['status'], glyphs: Glyphs): string =>
  status === 'healthy' ? glyphs.good : status === 'fault' ? glyphs.bad : glyphs.unsure;

/** What to type for a change, as lines for a POSIX shell. */
export function changeLines(change: Change): string[] {
  if ('run' in change) return [shellLine(commandLine(change.run))];
  const file = quote(change.file);
  if (change.after === null) return [`rm ${file}`];
  const text = plainLines(change.after.replace(/\n$/, ''));
  return [`cat > ${file} <<'END'`, ...text.split('\n'), 'END'];
}

type NumberedFix = Finding['fixes'][number];

function fixLines(fix: NumberedFix, columns: number, hint: string | null): Line[] {
  const about = `${fix.risk}, ${plain(fix.lasts)}${hint ? `; ${hint.replace('N', fix.id)}` : ''}`;
  return [
    ...paragraph(`  fix ${plain(fix.id)}  `, `${plain(fix.title)} (${about})`, columns),
    ...(fix.affects ? paragraph('         ', `Touches ${plain(fix.affects)}.`, columns, 'dim') : []),
    ...fix.apply.flatMap(changeLines).map((text) => row(text, 'accent')),
  ];
}

function findingLines(finding: Finding, columns: number, hint: string | null): Line[] {
  const owner = finding.owner === null ? [] : paragraph('  owner  ', plain(finding.owner), columns);
  return [
    ...paragraph('  why    ', plain(finding.why), columns),
    ...owner,
    ...(finding.fixes.length === 0 ? paragraph('  do     ', plain(finding.do), columns) : []),
    ...finding.fixes.flatMap((fix) => fixLines(fix, columns, hint)),
  ];
}

/** Summary, reasons, fixes, what else was found and what could not be looked at; `hint` says how a fix is applied. */
export function verdictLines(
  diagnosis: Diagnosis,
  columns: number,
  glyphs: Glyphs,
  hint: string | null = null,
): Line[] {
  const mark = markOf(diagnosis.status, glyphs);
  const tone = TONES[diagnosis.status];
  const summary = wrapText(plain(diagnosis.summary), columns - 2).map(
    (text, index): Line => [span(index === 0 ? `${mark} ` : '  ', tone), span(text, 'strong')],
  );
  const [first, ...rest] = diagnosis.findings;
  const main = first && diagnosis.cause !== null ? findingLines(first, columns, hint) : [];
  const also = (main.length > 0 ? rest : diagnosis.findings).flatMap((finding) => [
    ...paragraph('  also   ', `${plain(finding.what)}. ${plain(finding.do)}`, columns),
    ...finding.fixes.flatMap((fix) => fixLines(fix, columns, hint)),
  ]);
  const unknown =
    diagnosis.status === 'healthy'
      ? diagnosis.unknown.flatMap(({ what, because }) =>
          paragraph('  note   ', `${plain(what)}: ${plain(because)}`, columns, 'dim'),
        )
      : diagnosis.unknown.flatMap(({ what, because }) =>
          paragraph('  unseen ', `${plain(what)}: ${plain(because)}`, columns),
        );
  return [...summary, ...main, ...also, ...unknown];
}
