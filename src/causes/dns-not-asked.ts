import { cause } from '../model/cause.ts';
import { hostsLine } from '../resolver/differences.ts';
import { withLibrary } from '../resolver/words.ts';
import { fromState } from '../words/telling.ts';
import { list } from '../words/text.ts';

export default cause({
  id: 'dns-not-asked',
  title: 'The DNS has the name, and the container’s C library never asks it',
  explain: `glibc looks a name up where the \`hosts\` line of /etc/nsswitch.conf says, and nowhere else. Where that line names \`files\`
alone, or ends the search before \`dns\` ([NOTFOUND=return]), no name server is ever asked, and every name that is not in
/etc/hosts is unknown at once.

dig and nslookup ask the name server themselves, and programs built on musl (Alpine) or Go's own resolver do not read the file,
or not all of it: they get the address that others do not get. Minimal images, and scripts that write the file anew, leave the
word out.

By hand: \`grep ^hosts /etc/nsswitch.conf\` and \`getent hosts NAME\` in the container, beside \`dig NAME\`.`,
  needs: ['lookUp'],
  over: ['dns-answer-refused', 'dns-libraries-differ', 'no-reply-from-destination', 'connection-refused'],
  examine(scene) {
    const { lookUp } = scene;
    if (lookUp.sample) return null;
    const left = lookUp.outcomes.filter(
      ({ library, error, questions }) => library === 'glibc' && error !== null && questions.length === 0,
    );
    const known = lookUp.asked.find(({ reply }) => reply.kind === 'answer' && reply.addresses.length > 0);
    const told = hostsLine(lookUp);
    if (left.length === 0 || known?.reply.kind !== 'answer' || told === undefined) return null;
    const { file, line } = told;
    return {
      sure: 'proved',
      what: `${file} keeps look-ups from the DNS: ${line}`,
      why: `${withLibrary(lookUp, left)} no address for ${lookUp.name}, and asks no server; ${known.server} has ${list(known.reply.addresses)} for it.`,
      do: `Write "hosts: files dns" into ${file}.`,
      evidence: [fromState(`${file}: ${line}`, ['grep', '^hosts', file])],
    };
  },
});
