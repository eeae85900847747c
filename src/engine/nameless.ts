/**
 * A name server that answers NOERROR, and neither with an IPv4 nor with an IPv6 address: that is an answer, and all that names
 * of other records have (TXT, SRV, MX); a program that looks the name up to go there has nothing to go to (getaddrinfo(3),
 * EAI_NODATA).
 */
import type { Unknown } from '../model/evidence.ts';
import type { Flow } from '../model/flow.ts';
import type { LookUp } from '../model/look-up.ts';
import { isDenied } from '../resolver/story.ts';
import { plain } from '../words/text.ts';

/** None where a library has an address, where another family was not asked for, or nobody named a name. */
export function nameless({ proto }: Pick<Flow, 'proto'>, story: LookUp | undefined): Unknown[] {
  if (proto !== 'dns' || !story || story.sample || story.outcomes.length === 0 || !isDenied(story)) return [];
  const types = new Set(story.outcomes.flatMap(({ questions }) => questions.map(({ type }) => type)));
  if (types.size < 2 || !story.outcomes.every(({ error }) => error === 'no-address')) return [];
  return [
    {
      what: `whether ${plain(story.name)} should have an address`,
      because:
        'the answers are NOERROR without one, for IPv4 and for IPv6: a program that looks it up gets none. Check the name; a forwarder may take addresses out of an answer (rebind protection)',
    },
  ];
}
