import { cause } from '../model/cause.ts';
import { digs, withLibrary } from '../resolver/words.ts';

export default cause({
  id: 'dns-search-captures',
  title: 'A search domain answers for a name that was meant as it stands',
  explain: `A name with fewer dots than \`ndots\` is first looked for in the domains of resolv.conf's search list: registry.example.net
is asked for as registry.example.net.corp.example. Where corp.example has a wildcard record, that question is answered,
and the program talks to the wrong machine, which often even takes its connection.

Kubernetes sets \`ndots:5\`, so that nearly every name goes through the list; a company's domain that came from the node's
DHCP is then asked before the world. musl (Alpine) is caught even by a domain that has the name without an address: it
ends its search there.

By hand: \`dig NAME.DOMAIN\` and \`dig NAME.\`, and whether \`dig no-such-name-at-all.DOMAIN\` is answered too.`,
  needs: ['lookUp'],
  over: [
    'connection-refused',
    'no-reply-from-destination',
    'destination-is-local',
    'listener-on-loopback',
    'listener-wrong-family',
    'neighbour-absent',
    'dns-answer-refused',
    'dns-libraries-differ',
  ],
  examine(scene) {
    const { lookUp } = scene;
    const { captured } = lookUp;
    if (lookUp.sample || !captured) return null;
    const { asked, domain, addresses, meant, anything } = captured;
    if (meant.length === 0 || meant.some((address) => addresses.includes(address))) return null;
    // A record that somebody made for this very name is meant; one for every name is not.
    if (!anything.some((address) => addresses.includes(address))) return null;
    const caught = lookUp.outcomes.filter((one) => one.asked === asked);
    return {
      sure: 'proved',
      what: `the name ${lookUp.name} is looked up as ${asked}, and ${domain} answers for every name`,
      why: `${withLibrary(lookUp, caught)} ${addresses.join(', ')}; the name as it stands has ${meant.join(', ')}. It has fewer dots than ndots:${lookUp.ndots}, so the search list goes first.`,
      do: `Write the name with a final dot (${lookUp.name}.), set "options ndots:1" in resolv.conf (--dns-opt ndots:1), or take ${domain} out of its search list.`,
      evidence: digs(
        scene,
        lookUp.asked.filter(({ name, reply }) => name === asked && reply.kind === 'answer').slice(0, 1),
      ),
    };
  },
});
