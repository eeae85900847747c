import { isPrivate } from '../kernel/nat-intent.ts';
import { cause } from '../model/cause.ts';
import type { Asked, Elsewhere, LookUp } from '../model/look-up.ts';
import type { Scene } from '../model/scene.ts';
import { NXDOMAIN, SERVFAIL } from '../resolver/ask.ts';
import { saying } from '../resolver/document.ts';
import {
  type Answered,
  contradicted,
  failsForSomebody,
  halfDenied,
  halfRefused,
  isErrorCode,
  type PassedOver,
  passedOver,
  refusal,
  type SearchEnded,
  searchEnded,
} from '../resolver/story.ts';
import { digs, goesToServer, withLibrary } from '../resolver/words.ts';
import { asksResolver } from '../wire/dns.ts';
import { capital, list } from '../words/text.ts';

interface Refused {
  readonly what: string;
  readonly why: string;
  readonly do: string;
  readonly denied: Answered;
  /** What somebody else answers. */
  readonly known?: Asked;
}

export default cause({
  id: 'dns-answer-refused',
  title: 'A name server answers, and its answer is no use',
  explain: `An answer came back in good time, and it is a refusal (REFUSED), a failure (SERVFAIL), or says that a name is not
there (NXDOMAIN) which is there all the same.

REFUSED: the server serves others, and not this asker; behind NAT it sees the host's address. SERVFAIL: it could not ask
onward itself: Docker's own resolver forwards nothing for a container whose networks are all internal. NXDOMAIN for the
IPv6 address of a name that has an IPv4 address: a broken proxy; glibc takes what it gets, musl (Alpine) believes the
NXDOMAIN and has no address at all, and so it is where one of both families is answered by REFUSED or SERVFAIL, and where a name of the search list is. And of two servers one may know what the other denies: glibc believes the first that
answers, musl the fastest. A DNAT or REDIRECT rule may lead the question to another server than the one that was asked. Last, a forwarder keeps answers back that it got: rebind protection takes private addresses out.

By hand: \`dig @SERVER NAME A\` and \`dig @SERVER NAME AAAA\` from the container's namespace, and from the host.`,
  needs: ['lookUp'],
  over: ['no-reply-from-destination', 'dns-libraries-differ'],
  examine(scene) {
    const { lookUp, flow } = scene;
    if (lookUp.sample) return null;
    const refused = refusedIn(lookUp, scene);
    if (!refused) return null;
    const { what, why, do: advice, denied, known } = refused;
    return {
      sure: scene.symptom.kind === 'answered' || asksResolver(flow) ? 'proved' : 'supported',
      what,
      why,
      do: advice,
      evidence: digs(scene, [denied, ...(known ? [known] : lookUp.control ? [lookUp.control] : [])]),
    };
  },
});

function refusedIn(story: LookUp, scene: Scene): Refused | undefined {
  const failed = story.outcomes.filter(({ error }) => error !== null);
  if (failed.length === 0) return undefined;
  const who = withLibrary(story, failed);
  const { symptom } = scene;
  for (const server of story.servers) {
    // One family refused is nothing to glibc, and the end to musl: where neither is known to be there, it may be nothing.
    const denied = failed.length === story.outcomes.length ? refusal(story, server) : undefined;
    if (denied && goesToServer(scene, server)) return byCode(story, denied, who);
  }
  for (const outcome of failed) {
    // Beside what is lost only a library that somebody has speaks; beside what was answered it is said all the same.
    if (outcome.library !== 'musl' || (symptom.kind !== 'answered' && !failsForSomebody(story))) continue;
    const ended = searchEnded(story, outcome);
    if (ended && isErrorCode(ended.at)) return inSearchDomain(story, ended, who);
    const without = halfRefused(story, outcome);
    if (without) return ofOneFamily(without, who);
    const half = halfDenied(story, outcome);
    if (!half) continue;
    const { denied, known } = half;
    return {
      denied,
      what: `${denied.server} says that ${denied.name} does not exist when it is asked for ${denied.type}`,
      why: `It has an ${known.type} record (${known.reply.addresses.join(', ')}), and NXDOMAIN speaks of the name, whatever was asked for. ${who} no address.`,
      do: 'Mend the server: it must answer NOERROR, without records, for a type that the name does not have. Until then have programs ask for one family only, or use an image with glibc.',
    };
  }
  const over = passedOver(story);
  if (over && goesToServer(scene, over.denied.server)) return bySomebodyElse(over, who);
  const split = contradicted(story);
  if (!split) return undefined;
  const { denied, known } = split;
  if ('inTurn' in known) return keptBack(denied, known, who);
  const other = known.server === denied.server ? 'the same server, asked by the host,' : known.server;
  return {
    denied,
    what: `${denied.server} ${denial(denied)}`,
    why: `${capital(other)} has an address for it. ${who} none: what the servers of a resolv.conf say must be the same, for one alone is believed.`,
    do: 'Name only servers that know the same names, or let the one that is asked forward this zone to the one that knows it.',
  };
}

const denial = ({ name, reply }: Answered): string =>
  `says ${reply.rcode === NXDOMAIN ? 'that there is no' : 'that there is no address for'} ${name}`;

/** A rule led the question past the one that it was put to. */
function bySomebodyElse({ denied, by, known }: PassedOver, who: string): Refused {
  const { server } = denied;
  const program = by.led.passedOver ?? 'what listens there';
  const untold = `The host’s own questions are answered alike, so that what ${program} would say cannot be told.`;
  return {
    denied,
    ...(known ? { known } : {}),
    what: `a rule of this host leads what is asked of ${server} to ${by.server}, which ${denial(denied)}`,
    why: `The question to ${server} was seen to go on to ${by.server}, past ${program}${by.led.passedOver === null ? '' : `, which listens on ${server} port 53`}. ${known ? `Asked by the host, ${server} has ${list(known.reply.addresses)}.` : untold} ${who} no address.`,
    do: `Leave ${server} out of the rule that leads port 53 away (iptables -t nat -S | grep -E 'DNAT|REDIRECT'; a container that publishes port 53: publish it on one address, -p ADDRESS:53:53/udp), or let ${by.server} forward this zone to ${server}.`,
  };
}

/** Nothing here, and an address where the server itself asks, or where the host does. */
function keptBack(denied: Answered, known: Elsewhere & Answered, who: string): Refused {
  const { server, reply, inTurn } = known;
  const { addresses } = reply;
  // What rebind protection takes out of answers.
  const inPrivate = addresses.some(isPrivate);
  const zone = denied.name.replace(/^[^.]+\./, '');
  return {
    denied,
    known,
    what: `${denied.server} ${denial(denied)}`,
    why: `${server}, ${inTurn ? 'which it asks in turn' : 'which this host asks for itself'}, answers ${addresses.join(', ')}. ${who} none${inTurn ? ': it keeps that answer back' : ''}.${inPrivate ? ' A forwarder with rebind protection takes private addresses out of answers.' : ''}`,
    do: inPrivate
      ? `Let ${denied.server} pass addresses of ${zone} on (dnsmasq: --rebind-domain-ok=/${zone}/; unbound: private-domain), or forward that zone to the server that knows it.`
      : `Look at what ${denied.server} filters or has for a zone of its own, let it forward ${zone} to ${server}, or name ${server} for the container (--dns).`,
  };
}

/** An error code for a name of the search list is passed over by glibc, and the end to musl. */
function inSearchDomain(story: LookUp, { domain, at, goesOn }: SearchEnded, who: string): Refused {
  const code = saying(at);
  return {
    denied: at,
    what: `${at.server} answers ${code} to the question for ${at.name}, of the search domain ${domain}`,
    why: `musl ends its search there; glibc goes on to ${goesOn.asked ?? story.name} and gets ${list(goesOn.addresses)}. ${who} no address.`,
    do: `Let the server answer NXDOMAIN for names that ${domain} does not have, take ${domain} out of the search list, or write the name with a final dot (${story.name.replace(/\.$/, '')}.).`,
  };
}

/** musl waits for an answer to both questions that is none of these codes: res_msend.c, lookup_name.c. */
function ofOneFamily({ denied, known }: { denied: Answered; known: Answered }, who: string): Refused {
  const code = saying(denied);
  return {
    denied,
    what: `${denied.server} answers ${code} to the question for ${denied.name} ${denied.type}`,
    why: `It has an ${known.type} record (${known.reply.addresses.join(', ')}), with which glibc is content; musl passes over ${code} and waits for another answer until its time is up. ${who} no address.`,
    do: 'Mend the server: it must answer NOERROR, without records, for a type that the name does not have. Until then have programs ask for one family only, or use an image with glibc.',
  };
}

function byCode(story: LookUp, denied: Answered, who: string): Refused {
  const { server, name, reply } = denied;
  const code = reply.lame ? 'nothing at all' : saying(denied);
  const standIn = story.standIns.find((one) => one.server === server);
  const control = story.control?.server === server ? story.control : undefined;
  const differs = control?.reply.kind === 'answer' && control.reply.rcode === 0;
  const behind = standIn?.upstreams.length ? `, which asks ${standIn.upstreams.join(', ')}` : '';
  return {
    denied,
    what: `${server} answers ${code} to the question for ${name}`,
    why: [
      `${who} no address.`,
      standIn ? `That is ${standIn.what}${behind}.` : '',
      differs ? 'The host itself gets an answer from it: it refuses this asker.' : '',
      control && !differs ? `The host itself is answered ${saying(control)}.` : '',
    ]
      .filter(Boolean)
      .join(' '),
    do: standIn
      ? 'Look at what it asks in turn; Docker’s resolver asks nobody for a container whose networks are all internal.'
      : reply.rcode === SERVFAIL
        ? 'Look into the server’s own log: it could not ask onward. Or name another server.'
        : 'Let the server answer this asker (its access list, its zones), or name another server in resolv.conf.',
  };
}
