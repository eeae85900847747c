/** That the C libraries come to different answers for the name that was asked: said beside every verdict. */
import type { Diagnosis } from '../model/diagnosis.ts';
import type { LookUp } from '../model/look-up.ts';
import type { Target } from '../model/target.ts';
import { differences } from '../resolver/differences.ts';
import { fromState } from '../words/telling.ts';

/** The same where they agree, or where one alone is known. All well, it is a note; else it was seen, and may decide. */
export function withLibraries(
  diagnosis: Diagnosis,
  { name }: Pick<Target, 'name'>,
  story: LookUp | undefined,
): Diagnosis {
  const says = story ? differences(story) : null;
  if (!story || says === null) return diagnosis;
  const { status, evidence, unknown } = diagnosis;
  if (status === 'healthy')
    return {
      ...diagnosis,
      unknown: [...unknown, { what: `what programs get for ${story.name}`, because: says }],
    };
  const seen = fromState(`${story.name}: ${says}`, ['netdoctor', 'dns', name, story.name]);
  return { ...diagnosis, evidence: [...evidence, seen] };
}
