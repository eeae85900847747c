import type { Diagnosis } from '../../src/model/diagnosis.ts';

/** What a recording must lead to again. Words are not part of it: they may become better. */
export const verdictOf = ({ status, cause, direction, between, path, findings }: Diagnosis) => ({
  status,
  cause,
  direction,
  between,
  path: path.map(({ id, captured, request, reply }) => ({ id, captured, request, reply })),
  findings: findings.map((finding) => finding.cause),
});

export type KeptVerdict = ReturnType<typeof verdictOf>;
