/** The verdict: where it stops, why, and what to do. Commands stand in column 0, unwrapped, so that they can be copied. */
import type { Finding } from '../../model/cause.ts';
import type { Diagnosis, Status } from '../../model/diagnosis.ts';
import type { Unknown } from '../../model/evidence.ts';
import { list, plain } from '../../words/text.ts';
import type { Glyphs } from '../glyphs.ts';
import { type Line, row, span, type Tone } from '../line/span.ts';
import { paragraph, wrapText } from '../line/wrap.ts';
import { STATUS_MARKS, sentence } from '../words.ts';
import { changeLines } from './change.ts';
import { type EvidenceOptions, evidenceLines } from './evidence.ts';
import { questionLines, resultLines } from './look-up.ts';

const TONES: Record<Status, Tone> = { healthy: 'good', fault: 'bad', undecided: 'warn' };

/** Where the asked name is not the typed one, and where several addresses fare differently. */
function nameLines({ addresses, lookUp, flow }: Diagnosis, columns: number): Line[] {
  const typed = lookUp?.name.replace(/\.$/, '');
  const others = (lookUp?.results ?? []).filter(({ asked }) => asked !== null && asked !== typed);
  const asked = [...new Set(others.map((one) => plain(one.asked!)))];
  const dead = (addresses ?? []).filter(({ status }) => status !== 'healthy');
  const of = addresses?.length ?? 0;
  return [
    ...(asked.length > 0
      ? paragraph('  asked   ', `${plain(typed!)} is asked for as ${list(asked)}`, columns)
      : []),
    ...(dead.length > 0
      ? paragraph(
          '  of all  ',
          `${dead.length} of ${of} addresses ${dead.length === 1 ? 'fails' : 'fail'}: ${list(dead.map((one) => plain(one.bearer ? `${one.address} (${one.bearer})` : one.address)))}`,
          columns,
        )
      : []),
    ...(flow.proto === 'dns' && lookUp
      ? [[], ...questionLines(lookUp, columns), [], ...resultLines(lookUp, columns)]
      : []),
  ];
}

export interface VerdictOptions extends EvidenceOptions {
  readonly glyphs: Glyphs;
  /** How a fix is applied from here, with N for its number: `fix N`; absent where it cannot be. */
  readonly hint?: string;
}

type NumberedFix = Finding['fixes'][number];

/** One fix: what it does and its risk in words, then its commands as they are typed. */
export function fixLines(fix: NumberedFix, { columns, hint }: VerdictOptions): Line[] {
  const about = [fix.risk, plain(fix.lasts), ...(hint ? [hint.replace('N', fix.id)] : [])].join('; ');
  return [
    ...paragraph(
      `  fix ${plain(fix.id)} `.padEnd(10),
      `${sentence(plain(fix.title)).slice(0, -1)} (${about})`,
      columns,
    ),
    ...(fix.affects ? paragraph('          ', sentence(plain(fix.affects)), columns, 'dim') : []),
    ...fix.apply.flatMap(changeLines).map((text) => row(text, 'accent')),
  ];
}

function causeLines(finding: Finding, options: VerdictOptions): Line[] {
  const { columns } = options;
  return [
    ...paragraph('  why     ', plain(finding.why), columns),
    ...(finding.owner === null ? [] : paragraph('  owner   ', plain(finding.owner), columns)),
    ...paragraph('  do      ', plain(finding.do), columns),
  ];
}

function alsoLines(finding: Finding, options: VerdictOptions): Line[] {
  const words = `${sentence(plain(finding.what))} ${plain(finding.do)}`;
  return [
    ...paragraph('  also    ', words, options.columns),
    ...finding.fixes.flatMap((fix) => fixLines(fix, options)),
  ];
}

/** What could not be looked at for the same reason is one note, not one for each thing. */
function byReason(unknown: readonly Unknown[]): { what: string; because: string }[] {
  const reasons = [...new Set(unknown.map(({ because }) => because))];
  return reasons.map((because) => {
    const things = unknown.filter((one) => one.because === because).map(({ what }) => plain(what));
    // `whether it is A, whether it is B` reads better as `whether it is A or B`.
    const causes = things.flatMap((thing) => /^whether it is (.+)$/.exec(thing)?.[1] ?? []);
    const others = things.filter((thing) => !/^whether it is /.test(thing));
    const either =
      causes.length > 0 ? [`whether it is ${list(causes).replace(/ and ([^ ]+)$/, ' or $1')}`] : [];
    return { what: list([...others, ...either]), because };
  });
}

/** The one sentence, reasons, evidence, fixes, what else was found, and what could not be looked at. */
export function verdictLines(diagnosis: Diagnosis, options: VerdictOptions): Line[] {
  const { columns, glyphs } = options;
  const { status, cause, findings, unknown } = diagnosis;
  const mark = glyphs[STATUS_MARKS[status]];
  const summary = wrapText(plain(diagnosis.summary), columns - 2).map(
    (text, index): Line => [span(index === 0 ? `${mark} ` : '  ', TONES[status]), span(text, 'strong')],
  );
  const main = cause === null ? undefined : findings.find((finding) => finding.cause === cause);
  const label = status === 'healthy' ? '  note    ' : '  unseen  ';
  return [
    ...summary,
    ...(main ? causeLines(main, options) : []),
    ...nameLines(diagnosis, columns),
    ...evidenceLines(diagnosis, options),
    ...(main?.fixes ?? []).flatMap((fix) => fixLines(fix, options)),
    ...findings.filter((finding) => finding !== main).flatMap((finding) => alsoLines(finding, options)),
    ...byReason(unknown).flatMap(({ what, because }) =>
      paragraph(label, sentence(`${what}: ${plain(because)}`), columns, 'dim'),
    ),
  ];
}
