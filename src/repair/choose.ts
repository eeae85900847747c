/** Which fix comes next, and why others do not. */
import { atLeast, leastRisk, takes } from '../fixes/risk.ts';
import type { Finding } from '../model/cause.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import type { Fix, Risk } from '../model/fix.ts';
import { changeLine } from './change-line.ts';
import { type Lifeline, risky } from './reach.ts';
import { subjectOf } from './subjects.ts';

export type NumberedFix = Finding['fixes'][number];

export interface Offer {
  readonly finding: Finding;
  readonly fix: NumberedFix;
}

/**
 * The most that may be risked. `dangerous` is for a front end that can have the name of the thing typed (`fix.confirm`);
 * the command line never allows it.
 */
export type Allowed = Risk;

/** One fix is the same as another when it runs the same commands. */
export const fixKey = (fix: Fix): string => fix.apply.map(changeLine).join('\n');

/**
 * Every fix of what stops the packets, the cause's first. Warnings and notes are left alone, since they stop nothing,
 * unless a person names one: `only` is the number of a fix.
 */
export const offers = (diagnosis: Diagnosis, only?: string): Offer[] =>
  diagnosis.findings
    .filter((finding) => only !== undefined || finding.severity === 'fatal')
    .flatMap((finding) => finding.fixes.map((fix) => ({ finding, fix })))
    .filter(({ fix }) => only === undefined || fix.id === only);

/** Can every change of it be looked at, and so be put back as it was? */
export const exactlyReversible = (fix: Fix): boolean =>
  fix.undo.length > 0 && fix.apply.every((change) => subjectOf(change) !== null);

/** Whatever a cause says: by what its commands do; and what cannot be proved to be taken back exactly is never safe. */
export const riskOf = (fix: Fix): Risk =>
  atLeast(fix.risk, atLeast(leastRisk(fix), exactlyReversible(fix) ? 'safe' : 'disruptive'));

/** Fixes as they are offered: what takes something away comes after what adds what is missing, and says its true risk. */
export const inOrder = (fixes: readonly Fix[]): Fix[] =>
  fixes
    .map((fix) => ({ ...fix, risk: riskOf(fix) }))
    .toSorted((one, other) => Number(takes(one)) - Number(takes(other)));

export interface Limits {
  readonly allowed: Allowed;
  readonly rollbackAfter: number | null;
  readonly lifeline: Lifeline;
}

/** Why a fix may not be made under these limits; null where it may. */
export function refusal(fix: Fix, { allowed, rollbackAfter, lifeline }: Limits): string | null {
  const risk = riskOf(fix);
  if (risk === 'dangerous' && allowed !== 'dangerous')
    return 'it is dangerous: it is made in the prompt only, where its name is typed';
  if (risk === 'disruptive' && allowed === 'safe')
    return `it is disruptive${fix.affects ? `: ${fix.affects}` : ''}; --fix=disruptive allows it`;
  const cut = risk !== 'safe' && rollbackAfter === null ? risky(fix, lifeline) : null;
  return cut ? `${cut}; add --rollback-after 60, and confirm with \`netdoctor keep\`` : null;
}
