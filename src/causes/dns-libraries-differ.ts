import { cause } from '../model/cause.ts';
import type { LookUp, Outcome } from '../model/look-up.ts';
import { saying } from '../resolver/document.ts';
import { askedByTcpAlone, cutAnswer, heard, searchEnded } from '../resolver/story.ts';
import { digs, withLibrary } from '../resolver/words.ts';
import { asksResolver } from '../wire/dns.ts';
import { list } from '../words/text.ts';

/** Why this library comes to no address, and what is to be done about it. */
function partsAt(story: LookUp, outcome: Outcome, good: Outcome): { why: string; mend: string } {
  const typed = story.name.replace(/\.$/, '');
  const dotted = `write the name with a final dot (${typed}.)`;
  const ended = searchEnded(story, outcome);
  if (ended)
    return {
      why: `musl ends its search at ${ended.at.name}, which ${ended.at.server} has without an address (${saying(ended.at)}); glibc goes on to ${good.asked}`,
      mend: `Take ${ended.domain} out of the search list, or ${dotted}.`,
    };
  const isAsIs = outcome.questions.every(({ name }) => name === typed);
  if (outcome.library === 'musl' && isAsIs && good.asked !== null && good.asked !== typed)
    return {
      why: `It has as many dots as ndots:${story.ndots} wants, so musl asks for it as it stands and for nothing else; glibc goes through the search list behind it, and finds ${good.asked}`,
      mend: `Write the whole name (${good.asked}).`,
    };
  return {
    why: 'The libraries do not ask alike, and do not believe the same answers',
    mend: 'Compare what each of them asks and hears (netdoctor dns), and write the whole name.',
  };
}

export default cause({
  id: 'dns-libraries-differ',
  title: 'One C library has an address for the name, and the other has none',
  explain: `glibc and musl (Alpine) read the same resolv.conf, and do not do the same with it: in images of the one the name resolves, in
images of the other it does not.

musl ends its search at a name of the search list that is there without an address, or is answered by an error code; glibc goes
on. A name with as many dots as \`ndots\` is to musl a whole name, for which the search list is never tried; glibc tries it
afterwards. What has a cause with a name of its own (dns-answer-refused, dns-search-captures, dns-tcp-blocked) is named so.

By hand: \`getent hosts NAME\` in an image of each, and \`dig NAME.DOMAIN\` for each domain of the search list.`,
  needs: ['lookUp'],
  over: ['no-reply-from-destination', 'connection-refused'],
  examine(scene) {
    const { lookUp, flow, symptom } = scene;
    if (lookUp.sample || symptom.kind !== 'answered') return null;
    // The flow to the server shows what becomes of its TCP.
    if (lookUp.servers.some((one) => cutAnswer(lookUp, one) ?? askedByTcpAlone(lookUp, one))) return null;
    const failed = lookUp.outcomes.filter(({ error }) => error !== null);
    const good = lookUp.outcomes.find(({ error }) => error === null);
    const [first] = failed;
    if (!first || !good || (asksResolver(flow) && flow.question === undefined)) return null;
    const { why, mend } = partsAt(lookUp, first, good);
    return {
      sure: 'proved',
      what: `${withLibrary(lookUp, failed)} no address for ${lookUp.name}`,
      why: `${why}. One built on ${good.library} gets ${list(good.addresses)}.`,
      do: mend,
      evidence: digs(scene, heard(lookUp, first).slice(-2)),
    };
  },
});
