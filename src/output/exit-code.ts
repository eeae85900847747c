import type { Diagnosis } from '../model/diagnosis.ts';

/** 0 healthy, or repaired and verified · 1 a fault · 3 undecided. Of two address families the worse counts. */
export function exitCode(diagnosis: Diagnosis): 0 | 1 | 3 {
  const codes = [diagnosis, ...(diagnosis.families ?? [])].map(own);
  return codes.includes(1) ? 1 : codes.includes(3) ? 3 : 0;
}

function own({ status, repairs }: Diagnosis): 0 | 1 | 3 {
  const last = repairs.findLast(({ kept }) => kept);
  if (status === 'healthy' || last?.after === 'healthy') return 0;
  return status === 'fault' ? 1 : 3;
}
