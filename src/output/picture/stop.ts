/** The row of the place where packets stop, between the interfaces that it lies between. */
import type { Diagnosis } from '../../model/diagnosis.ts';
import type { Evidence, Rule } from '../../model/evidence.ts';
import type { StageKind } from '../../model/path.ts';
import { isPair } from '../../model/stack.ts';
import { dropName } from '../../words/telling.ts';
import { named, plain } from '../../words/text.ts';
import { STAGES } from '../words.ts';
import type { PathRow } from './path-row.ts';
import type { PathView } from './view.ts';

/** A state that fits into the row, as `ip_forward = 0`. */
const SHORT = 32;

/** What stops packets at the stage `index`: a rule by its chain, else the kernel's own work by its name. */
export function stopRow(view: PathView, diagnosis: Diagnosis, index: number): PathRow {
  const stage = view.stages[index] ?? 'beyond';
  const speaks = diagnosis.evidence.filter(({ agrees }) => agrees === true);
  const drop = speaks.find((seen) => seen.drop !== undefined)?.drop;
  const rule = speaks.find((seen) => seen.rule !== undefined)?.rule;
  const lost = lostAt(view, diagnosis, index);
  return {
    hop: null,
    mark: 'bad',
    ...(rule ? ruleWords(rule) : stageWords(nameOf(view, index), stage, speaks)),
    out: lost === null ? 'stops here' : `${lost} ${drop || rule ? 'dropped' : 'lost'}`,
    back: drop ? plain(dropName(drop)) : '',
  };
}

const ruleWords = (rule: Rule): Pick<PathRow, 'name' | 'label' | 'about'> => ({
  name: named(rule.chain),
  label: rule.number === null ? 'policy' : `rule ${rule.number}`,
  about: plain(rule.text),
});

/** `veth pair`; a child and its parent are no pair. */
function nameOf({ hops, stages }: PathView, index: number): string {
  const stage = stages[index] ?? 'beyond';
  const ends = [hops[index - 1], hops[index]].flatMap((hop) => (hop ? [hop] : []));
  return stage === 'wire' && !ends.every(isPair) ? 'link' : STAGES[stage];
}

function stageWords(
  name: string,
  stage: StageKind,
  seen: readonly Evidence[],
): Pick<PathRow, 'name' | 'label' | 'about'> {
  const state = seen.find(({ witness, says }) => witness === 'state' && says.length <= SHORT);
  return {
    name,
    label: stage === 'beyond' ? '' : 'kernel',
    about: plain(state?.says ?? '').replace(/^net\.ipv[46]\.(conf\.)?/, ''),
  };
}

/** How many went in and did not come out, by what the captures on both sides counted. Null: not both were watched. */
function lostAt({ hops }: PathView, { direction, sent }: Diagnosis, index: number): number | null {
  const left = hops[index - 1];
  const right = hops[index];
  if (left?.watched === false || right?.watched === false) return null;
  if (direction === 'reply') return right && left ? Math.max(0, right.reply - left.reply) || null : null;
  const before = left ? left.request : sent;
  return right ? Math.max(0, before - right.request) || null : null;
}
