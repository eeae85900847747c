import { arrival, isLoopback, ownerOf } from '../kernel/arrival.ts';
import { droppedBy, NO_FILTER } from '../kernel/drops.ts';
import { cause } from '../model/cause.ts';
import type { LookUp } from '../model/look-up.ts';
import { isAt, type Scene } from '../model/scene.ts';
import { byCompany, byEdns, byStream } from '../resolver/shapes.ts';
import { sufferers } from '../resolver/story.ts';
import { digs, serverOf, withLibrary } from '../resolver/words.ts';
import { asksResolver } from '../wire/dns.ts';

/** A rule of this host that drops the questions is the better word for it. */
const byRule = (scene: Scene): boolean =>
  droppedBy(scene, /^NETFILTER_DROP$|^nft_do_chain|^ipt_do_table/) === true;

/** The server that the flow goes to, where it is looked at for its answers, and not for the way there. */
function serverIn(scene: Scene & { lookUp: LookUp }): string | undefined {
  const { flow, lookUp } = scene;
  return asksResolver(flow) && flow.proto !== 'tcp' && !byRule(scene) ? serverOf(lookUp, flow) : undefined;
}

const OVER = [
  'no-reply-from-destination',
  'dns-resolver-silent',
  'dns-server-unusable',
  'dns-answer-refused',
  'dns-libraries-differ',
] as const;

const edns = cause({
  id: 'dns-edns-dropped',
  title: 'A name server answers questions, and not those with EDNS',
  explain: `A question may carry an OPT record (EDNS, RFC 6891) that says which answers its asker can take. glibc adds one under
\`options edns0\` in resolv.conf, systemd-resolved, dig and Go's own resolver always do, musl never.

Old servers answer such a question with FORMERR; home routers, firewalls that look into DNS, and some forwarders drop it, or drop
the long answer that it makes possible. The same name is then resolved by one program and not by another. \`options edns0\` and
\`trust-ad\` often come into a container with the resolv.conf of a host that runs systemd-resolved, whose own stub takes them.

By hand: \`dig @SERVER NAME\` beside \`dig @SERVER +noedns NAME\` from the container's namespace.`,
  needs: ['lookUp'],
  // The answer for one family alone may be long.
  over: [...OVER, 'dns-half-silent'],
  examine(scene) {
    const { lookUp } = scene;
    const server = serverIn(scene);
    const parted = server === undefined ? undefined : byEdns(lookUp, server);
    const failed = sufferers(lookUp);
    if (!parted || failed.length === 0) return null;
    const { unheard, answered, long } = parted;
    const lacks = unheard.reply.kind === 'answer' ? 'refuses' : 'does not answer';
    return {
      sure: 'proved',
      what: long
        ? `the long answer of ${server} for ${unheard.name}, which EDNS makes possible, does not arrive`
        : `${server}, or what stands on the way to it, ${lacks} questions with EDNS`,
      why: `${withLibrary(lookUp, failed, 'puts')} an OPT record into its questions (options edns0 in resolv.conf), and has no answer from it; the same question without one is answered.${
        long ? ' A short answer to a question with EDNS comes.' : ''
      }`,
      do: long
        ? 'Let long datagrams and fragments of UDP port 53 through, or take "edns0" out of the options of the container’s resolv.conf: what does not fit is then asked by TCP.'
        : 'Take "edns0" out of the options of the container’s resolv.conf (--dns-opt, RES_OPTIONS), or mend the server, firewall or router that drops questions with EDNS.',
      evidence: digs(scene, [unheard]).concat(digs(scene, [answered])),
    };
  },
});

const datagrams = cause({
  id: 'dns-udp-blocked',
  ofSilence: true,
  title: 'A name server answers by TCP, and no datagram',
  explain: `The server lives and answers what is asked by TCP port 53. Questions in datagrams, which every C library puts first, get no
answer: a firewall lets TCP through alone, the server does not listen for UDP, or answers come from an address that nobody takes.

glibc asks by TCP only what was cut, or everything under \`options use-vc\`; musl (Alpine) only what was cut.

By hand: \`dig @SERVER +notcp NAME\` beside \`dig @SERVER +tcp NAME\`.`,
  needs: ['lookUp'],
  explains: NO_FILTER,
  // That a server is silent is the verdict; that it speaks by TCP is told beside it.
  over: ['dns-libraries-differ'],
  formOf: 'no-reply-from-destination',
  examine(scene) {
    const { lookUp } = scene;
    const server = serverIn(scene);
    const parted = server === undefined ? undefined : byStream(lookUp, server);
    if (!parted || scene.symptom.kind === 'answered') return null;
    // What was seen to stop on this host says nothing of the server, nor of the way to it beyond.
    if (!isAt(scene, 'beyond')) return null;
    // A forwarder of this host asks on by what it was asked by: the datagrams may be lost behind it.
    if (ownerOf(scene, arrival(scene).address) !== null || isLoopback(scene.flow.address)) return null;
    return {
      sure: 'supported',
      what: `${server} answers by TCP, and no datagram comes back from it`,
      why: `${withLibrary(lookUp, sufferers(lookUp), 'asks')} by UDP port 53 first, and waits in vain.`,
      do: 'Let UDP port 53 through beside TCP, both ways, and have the server listen there; programs on glibc ask by TCP under "options use-vc" in resolv.conf.',
      evidence: digs(scene, [parted.unheard]).concat(digs(scene, [parted.answered])),
    };
  },
});

const half = cause({
  id: 'dns-half-silent',
  title: 'Of two questions for one name a name server answers one',
  explain: `C libraries ask for the IPv4 and the IPv6 address of a name at the same moment. Some servers leave every question for AAAA
without an answer; some servers, and devices that rewrite ports on the way, take but one question of a pair.

glibc then waits for the other five seconds (\`timeout\`), asks again one by one, and goes on with what it has; musl (Alpine) has no
address at all when its time is up. What people see are look-ups that take 5 or 10 seconds, or "try again".

By hand: \`dig @SERVER NAME A\` and \`dig @SERVER NAME AAAA\`. \`options single-request-reopen\` in resolv.conf has glibc ask one by one,
\`no-aaaa\` (glibc 2.36) not at all for IPv6.`,
  needs: ['lookUp'],
  over: OVER,
  examine(scene) {
    const { lookUp } = scene;
    const server = serverIn(scene);
    const parted = server === undefined ? undefined : byCompany(lookUp, server);
    if (!parted) return null;
    const { unheard, answered, alone } = parted;
    // What a second question brought costs the time until it is put.
    const failed = unheard.reply.kind === 'silence' ? sufferers(lookUp) : lookUp.outcomes;
    if (failed.length === 0) return null;
    return {
      sure: 'proved',
      what: alone
        ? `${server} answers but one of two questions that come together`
        : `${server} answers the question for ${unheard.name} ${answered.type}, and not that for ${unheard.type}`,
      why: `${withLibrary(lookUp, failed, 'puts')} both at once and waits for both.${alone ? ` Asked alone, that for ${unheard.type} is answered.` : ''}`,
      do: alone
        ? lookUp.library === 'musl'
          ? 'Mend the server or the device on the way that takes but one of two: musl has no option by which it asks one by one.'
          : 'Add "options single-request-reopen" to the container’s resolv.conf (glibc), or mend the server or the device on the way that takes but one of two.'
        : 'Mend the server: it must answer every question, and NOERROR without records where the name has no such address. Until then have programs ask for one family only ("options no-aaaa", glibc 2.36).',
      evidence: digs(scene, [unheard]).concat(digs(scene, [answered])),
    };
  },
});

export default [edns, datagrams, half];
