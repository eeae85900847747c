import { cause } from '../model/cause.ts';
import type { Asked, LookUp } from '../model/look-up.ts';
import { isAt } from '../model/scene.ts';
import { askedByTcpAlone, cutAnswer } from '../resolver/story.ts';
import { digs, serverOf, withLibrary } from '../resolver/words.ts';
import { fromState } from '../words/telling.ts';

const USE_VC = /^options\b.*\buse-vc\b.*$/m;

/** Where TCP is asked for from the beginning; of the environment where no file says it: resolv.conf(5). */
function tcpAlone({ files }: LookUp) {
  const found = files.find(({ text = '' }) => USE_VC.test(text));
  const line = USE_VC.exec(found?.text ?? '')?.[0].trim();
  return {
    where: found && line ? `"${line}" in ${found.file}` : 'RES_OPTIONS (use-vc)',
    evidence: found && line ? [fromState(`${found.file}: ${line}`, ['grep', 'use-vc', found.file])] : [],
  };
}

/** Connected, and never heard: not refused. */
const isMute = ({ reply }: Asked): boolean =>
  reply.kind === 'silence' || (reply.kind === 'error' && reply.errno === 'ECONNRESET');

/** What was to come by TCP and did not, and what has the library ask so. */
function notByTcp(
  story: LookUp,
  server: string,
): { asked: Asked; what: string; why: string; mend: string } | null {
  const cut = cutAnswer(story, server);
  const none = 'nothing is to be had from TCP port 53';
  if (cut)
    return {
      asked: cut,
      what: `the answer for ${cut.name} is too long for a datagram, and ${server} does not give it by TCP`,
      why: `It came back cut short, and ${none}.`,
      mend: 'Let TCP port 53 through beside UDP, have the server listen there, or add "options edns0" to resolv.conf.',
    };
  const asked = askedByTcpAlone(story, server);
  if (!asked) return null;
  const isWell = story.asked.some(
    (one) => one.server === server && one.transport === 'udp' && one.reply.kind === 'answer',
  );
  return {
    asked,
    what: `"options use-vc" has names asked for by TCP, and ${server} does not answer by TCP`,
    why: `${tcpAlone(story).where} has glibc ask by TCP alone, and ${none}${isWell ? '; by datagrams it answers' : ''}.`,
    mend: 'Take use-vc out of resolv.conf (--dns-opt), or let TCP port 53 through and have the server listen there.',
  };
}

export default cause({
  id: 'dns-tcp-blocked',
  title: 'A name is asked for by TCP, and cannot be fetched so',
  explain: `An answer that does not fit into a datagram (512 bytes, or what EDNS agreed on) comes back cut short and marked as such.
The C library then asks the same server again by TCP port 53. Where TCP is not let through, or the server does not listen
there, the look-up fails, although short answers from the same server are fine: names with many addresses fail, others
do not.

With \`options use-vc\` in resolv.conf (or RES_OPTIONS) glibc asks by TCP from the beginning, whatever the length, and never by
datagrams: of a server that speaks UDP alone it then gets nothing. musl does not know the option.

musl takes what fitted into the datagram before its release 1.2.4, and asks by TCP since.

By hand: \`dig +notcp +ignore NAME\` shows the flag tc, \`dig +tcp NAME\` asks by TCP. \`options edns0\` in resolv.conf makes
longer datagrams possible.`,
  needs: ['lookUp'],
  over: [
    'connection-refused',
    'no-reply-from-destination',
    'listener-on-loopback',
    'listener-wrong-family',
    'dns-resolver-silent',
  ],
  examine(scene) {
    const { lookUp, flow, symptom } = scene;
    if (flow.proto !== 'tcp' || flow.port !== 53) return null;
    const server = serverOf(lookUp, flow);
    const missed = server === undefined ? null : notByTcp(lookUp, server);
    if (!missed) return null;
    const { asked, what, why, mend } = missed;
    // It takes connections by now: what counts is that it answered nothing over one.
    const over = lookUp.asked.find((one) => one.server === server && one.transport === 'tcp' && isMute(one));
    if (symptom.kind === 'answered' && !over) return null;
    const failed = lookUp.outcomes.filter(({ error }) => error !== null);
    const elsewhere = symptom.kind === 'lost' && !isAt(scene, 'beyond');
    return {
      sure: elsewhere ? 'supported' : 'proved',
      what,
      why: `${why} ${failed.length > 0 ? `${withLibrary(lookUp, failed)} no address.` : 'Other servers have it.'}`,
      do: mend,
      evidence: [...digs(scene, [asked]), ...(asked.transport === 'tcp' ? tcpAlone(lookUp).evidence : [])],
    };
  },
});
