/**
 * A name server that answers NOERROR, and neither with an IPv4 nor with an IPv6 address: the way to it is well, and a program
 * that looks the name up has nothing to go to (getaddrinfo(3), EAI_NODATA).
 */
import type { Unknown } from '../model/evidence.ts';
import type { Flow } from '../model/flow.ts';
import type { LookUp } from '../model/look-up.ts';
import { isDenied } from '../resolver/story.ts';
import { plain } from '../words/text.ts';

/** As a sentence; undefined where a library has an address, where another family was not asked for, or nobody named a name. */
export function nameless({ proto, address }: Flow, story: LookUp | undefined): string | undefined {
  if (proto !== 'dns' || !story || story.sample || story.outcomes.length === 0 || !isDenied(story))
    return undefined;
  const types = new Set(story.outcomes.flatMap(({ questions }) => questions.map(({ type }) => type)));
  if (types.size < 2 || !story.outcomes.every(({ error }) => error === 'no-address')) return undefined;
  return `${address} answers, and knows no address for ${plain(story.name)}: a program that looks it up gets none`;
}

export const namelessNote = ({ name }: LookUp): Unknown => ({
  what: `whether ${plain(name)} should have an address`,
  because:
    'the answers are NOERROR without one, for IPv4 and for IPv6. Check the name; a forwarder may take addresses out of an answer (rebind protection)',
});
