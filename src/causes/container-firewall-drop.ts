import { unheardClaim } from '../fixes/admit-neighbours.ts';
import { missed, withMissed } from '../fixes/near-miss.ts';
import { pastRule } from '../fixes/past-rule.ts';
import { confirmed, NETFILTER } from '../kernel/drops.ts';
import { endingHit, HANDS_OVER, OF_ANY_RULE, surely, verb } from '../kernel/rules.ts';
import { asksForNextHop, droppedSolicitation } from '../kernel/solicitation.ts';
import { netnsOf, sender, sideName } from '../kernel/travel.ts';
import { cause } from '../model/cause.ts';
import { ruleName, ruleShown } from '../words/telling.ts';

export default cause({
  id: 'container-firewall-drop',
  title: "The container's own firewall drops it",
  explain: `A rule or a policy inside the container's own namespace drops or rejects the packet, before it leaves the container
or after it has arrived there. The host's rules are innocent, and the host's captures show nothing.

Images of VPN clients bring such a kill switch along; some services set a firewall of their own. On the host,
\`nsenter -t PID -n iptables-save -c\` or \`nft list ruleset\` shows it with its counters.`,
  needs: ['ruleHits', 'endingChain', 'firewall'],
  ofData: true,
  over: [
    ...OF_ANY_RULE,
    'legacy-rules-drop',
    'container-permission',
    'firewalld-rejects',
    'connection-refused',
    'neighbour-unanswered',
    'neighbour-absent',
  ],
  examine(scene) {
    const hit = endingHit(scene);
    // A proxy's rule filters nothing: who is missing is its program.
    if (hit && hit.side !== 'host' && !HANDS_OVER.test(hit.rule.text)) {
      const netns = netnsOf(scene, hit.side);
      const near = missed(scene, hit, netns);
      return withMissed(near, {
        sure: surely(hit),
        what: `the firewall of ${sideName(hit.side)} ${verb(hit)} it: ${near ? `${near.what}: ` : ''}${ruleShown(hit.rule)}`,
        why: `The packets met ${ruleName(hit.rule)} inside ${sideName(hit.side)} and ended there.`,
        do: 'Change it where the container sets its firewall, or let this traffic pass before it.',
        owner: hit.rule.owner,
        rule: hit.rule,
        fixes: pastRule(scene, hit, netns),
      });
    }
    const unheard = hit ? undefined : droppedSolicitation(scene);
    if (unheard && unheard.side !== 'host') return unheardClaim(scene, unheard);
    const from = sender(scene);
    const isOwn =
      scene.place?.stage === 'send' &&
      scene.place.direction === 'request' &&
      from?.side === 'container' &&
      !scene.target.hostNetwork;
    if (hit || !isOwn || !confirmed(scene, NETFILTER) || asksForNextHop(scene)) return null;
    return {
      // Where no capture ran, it may have left and ended elsewhere.
      sure: scene.captured.has(scene.path.hops[0]?.id ?? '') ? 'proved' : 'supported',
      what: 'its own firewall drops it',
      why: "The kernel dropped the packets in a firewall before they left the container's interface: only the container's own rules can have done that.",
      do: 'Look at the rules inside the container, and let this traffic pass.',
    };
  },
});
