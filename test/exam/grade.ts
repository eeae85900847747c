import type { Answer, Row } from '../lab/scenario.ts';

/** How well a scenario's verdict did: the place alone is worth less than the cause, a wrong cause is worth nothing. */
export type Grade = 'right' | 'place only' | 'undecided' | 'wrong' | 'failed' | 'fault gone';

/** Judges the answer that was given while the fault was there. */
export function grade({ scenario, answer, gone }: Row): Grade {
  const { expect, also_right, between } = scenario;
  if (answer.status === 'failed') return 'failed';
  if (answer.status === 'undecided') return expect === 'undecided' ? 'right' : 'undecided';
  if (gone === true && answer.status === 'healthy') return 'fault gone';
  if (expect === 'healthy' || answer.status === 'healthy')
    return answer.status === expect ? 'right' : 'wrong';
  if (answer.cause === null) return 'place only';
  if (![expect, ...also_right].includes(answer.cause)) return 'wrong';
  return between === undefined || String(between) === String(answer.between) ? 'right' : 'wrong';
}

/** A fault seen where there is none: in a healthy network, under a decoy, before the fault, after its repair. */
export function falseAlarms({ scenario, control, answer, repaired }: Row): number {
  const answers: (Answer | null)[] = [control, scenario.expect === 'healthy' ? answer : null, repaired];
  return answers.filter((given) => given?.status === 'fault').length;
}
