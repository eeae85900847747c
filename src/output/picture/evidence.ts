/** What was seen, one line each, with the command that shows it again. */
import type { Diagnosis } from '../../model/diagnosis.ts';
import type { Evidence } from '../../model/evidence.ts';
import { plain, shellLine } from '../../words/text.ts';
import { type Line, row } from '../line/span.ts';
import { widthOf } from '../line/width.ts';
import { commandRow, paragraph } from '../line/wrap.ts';

export interface EvidenceOptions {
  readonly columns: number;
  /** Everything that was seen, not only what speaks for or against the verdict. */
  readonly all?: boolean;
}

const SEEN = '  seen    ';
const AGAINST = '  against ';

/** What a short report shows: what speaks against the verdict, and what speaks for it beyond the counts of the path. */
function speaks({ status }: Diagnosis, { agrees, witness }: Evidence): boolean {
  if (agrees === false) return true;
  return agrees === true && status !== 'healthy' && witness !== 'capture';
}

function oneLine(evidence: Evidence, columns: number): Line[] {
  const label = evidence.agrees === false ? AGAINST : SEEN;
  const words = plain(evidence.says);
  const again = shellLine(evidence.source);
  const lines = paragraph(label, words, columns);
  if (again === '') return lines;
  const together = `${label}${words}   $ ${again}`;
  if (lines.length === 1 && widthOf(together) <= columns) {
    return [[...lines[0]!, ...row(`   $ ${again}`, 'dim')]];
  }
  return [...lines, commandRow(again, widthOf(label), columns)];
}

/** What three probes show alike is said once. */
function once(all: readonly Evidence[]): Evidence[] {
  const groups = new Map<string, Evidence[]>();
  for (const one of all) {
    const key = JSON.stringify([one.says, one.agrees, one.source]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].map((same) =>
    same.length === 1 ? same[0]! : { ...same[0]!, says: `${same[0]!.says} (${same.length} times)` },
  );
}

export function evidenceLines(diagnosis: Diagnosis, { columns, all }: EvidenceOptions): Line[] {
  const shown = all ? diagnosis.evidence : diagnosis.evidence.filter((one) => speaks(diagnosis, one));
  return once(shown).flatMap((one) => oneLine(one, columns));
}
