import { endings } from '../kernel/drops.ts';
import { type Claim, cause } from '../model/cause.ts';
import { familyOf } from '../model/ends.ts';
import type { LookUp, Outcome } from '../model/look-up.ts';
import { hostsLine, inHosts } from '../resolver/differences.ts';
import { sourcesOf } from '../resolver/sources.ts';
import { withLibrary } from '../resolver/words.ts';
import { asksResolver } from '../wire/dns.ts';
import { fromState } from '../words/telling.ts';
import { list } from '../words/text.ts';

/** Why this library does not come to the hosts file; undefined where nothing that was read says so. */
function whyUnread({ library, source }: Outcome, story: LookUp): { why: string; mend: string } | undefined {
  if (library === 'musl') {
    const why = 'musl takes a name of the hosts file letter for letter, and no line of more than 511 bytes';
    return { why, mend: 'Write the name there in small letters, and on a line of its own.' };
  }
  const told = hostsLine(story);
  if (!told) return undefined;
  const services = sourcesOf(told.line).map(({ service }) => service);
  const at = services.indexOf('files');
  const before = at < 0 ? services : services.slice(0, at);
  const why =
    at < 0
      ? `"${told.line}" in ${told.file} leaves the hosts file out`
      : source === null
        ? `"${told.line}" in ${told.file} ends the search at ${list(before)}, before the hosts file is read`
        : `"${told.line}" in ${told.file} asks ${list(before)} before the hosts file, and that has an answer`;
  return { why, mend: `Write "hosts: files dns" into ${told.file}.` };
}

export default cause({
  id: 'hosts-file-not-read',
  title: 'The hosts file has the name, and the program’s C library does not come to it',
  explain: `/etc/hosts (extra_hosts, --add-host, a pod's hostAliases) has an address for the name, and programs get another one, or none.
glibc looks where the \`hosts\` line of /etc/nsswitch.conf says, in its order: behind \`dns\` the hosts file is read only for names
that the DNS does not have, behind \`dns [!UNAVAIL=return]\` only where no name server can be reached, and never where \`files\` is not
named. A wildcard record answers for every name, and hides the file whole.

musl (Alpine) does not read nsswitch.conf: it begins with the hosts file, and gets its address; but it takes names there letter for
letter, where glibc does not tell capital from small ones. Go's own resolver follows nsswitch.conf.

By hand: \`grep ^hosts /etc/nsswitch.conf\` in the container, \`getent ahosts NAME\` beside \`grep NAME /etc/hosts\`.`,
  needs: ['lookUp'],
  over: [
    'connection-refused',
    'no-reply-from-destination',
    'destination-is-local',
    'listener-on-loopback',
    'listener-wrong-family',
    'neighbour-absent',
    'neighbour-unanswered',
    'dns-answer-refused',
    'dns-search-captures',
    'dns-not-asked',
    'dns-libraries-differ',
  ],
  examine(scene): Claim | null {
    const { lookUp, flow, symptom } = scene;
    if (lookUp.sample || asksResolver(flow)) return null;
    // What this host throws away on the way there is the nearer word for it.
    if (symptom.kind === 'lost' && endings(scene).length > 0) return null;
    const { file, addresses } = inHosts(lookUp);
    const meant = addresses.filter((one) => familyOf(one) === flow.family);
    const missed = lookUp.outcomes.filter(
      ({ source, addresses: got }) => source !== 'files' && !got.some((one) => addresses.includes(one)),
    );
    // Where it leads is what fails; or it leads nowhere, whatever becomes of the address that others get.
    const failing = missed.filter((one) =>
      one.error === null
        ? symptom.kind !== 'answered' && one.addresses.includes(flow.address)
        : meant.includes(flow.address),
    );
    const [first] = failing;
    const unread = first && whyUnread(first, lookUp);
    if (!first || !unread || meant.length === 0) return null;
    const gets = first.addresses.length > 0 ? list(first.addresses) : 'no address';
    return {
      sure: 'proved',
      what: `${file} has ${list(meant)} for ${lookUp.name}, and is not read for it`,
      why: `${unread.why}. ${withLibrary(lookUp, failing)} ${gets} for ${lookUp.name}.`,
      do: unread.mend,
      evidence: [
        fromState(`${file}: ${list(meant)} ${lookUp.name}`, ['grep', '-wF', lookUp.name, file]),
        ...(first.library === 'glibc' ? nsswitchLine(lookUp) : []),
      ],
    };
  },
});

function nsswitchLine(story: LookUp) {
  const told = hostsLine(story);
  return told ? [fromState(`${told.file}: ${told.line}`, ['grep', '^hosts', told.file])] : [];
}
