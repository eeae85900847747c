import { cause } from '../model/cause.ts';
import { isAt } from '../model/scene.ts';
import { cutAnswer } from '../resolver/story.ts';
import { digs, serverOf, withLibrary } from '../resolver/words.ts';

export default cause({
  id: 'dns-tcp-blocked',
  title: 'An answer is too long for a datagram, and cannot be fetched by TCP',
  explain: `An answer that does not fit into a datagram (512 bytes, or what EDNS agreed on) comes back cut short and marked as such.
The C library then asks the same server again by TCP port 53. Where TCP is not let through, or the server does not listen
there, the look-up fails, although short answers from the same server are fine: names with many addresses fail, others
do not.

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
    if (flow.proto !== 'tcp' || flow.port !== 53 || symptom.kind === 'answered') return null;
    const server = serverOf(lookUp, flow);
    const cut = server === undefined ? undefined : cutAnswer(lookUp, server);
    if (server === undefined || !cut) return null;
    const failed = lookUp.outcomes.filter(({ error }) => error !== null);
    const elsewhere = symptom.kind === 'lost' && !isAt(scene, 'beyond');
    return {
      sure: elsewhere ? 'supported' : 'proved',
      what: `the answer for ${cut.name} is too long for a datagram, and ${server} does not give it by TCP`,
      why: `It came back cut short, and nothing is to be had from TCP port 53. ${
        failed.length > 0 ? `${withLibrary(lookUp, failed)} no address.` : 'Other servers have it.'
      }`,
      do: 'Let TCP port 53 through beside UDP, have the server listen there, or add "options edns0" to resolv.conf.',
      evidence: digs(scene, [cut]),
    };
  },
});
