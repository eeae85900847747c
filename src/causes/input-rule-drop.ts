import { unheardClaim } from '../fixes/admit-neighbours.ts';
import { missed, withMissed } from '../fixes/near-miss.ts';
import { passing } from '../fixes/pass.ts';
import { endingHit, hookOf, surely, verb } from '../kernel/rules.ts';
import { droppedSolicitation } from '../kernel/solicitation.ts';
import { cause } from '../model/cause.ts';
import { namesOf, ruleName, ruleShown } from '../words/telling.ts';

export default cause({
  id: 'input-rule-drop',
  title: "The host's firewall does not let it in",
  explain: `The packet is for this host itself: a service on the host, its DNS or DHCP server for containers, a proxy. The rules for
what comes in (INPUT) drop it, or no rule accepts it and the policy drops.

Firewalls of servers accept a few ports from everywhere and nothing from bridges; ufw, NixOS and hand-written rules do so
by default. \`iptables -nvL INPUT\` shows the counter that grows.`,
  needs: ['ruleHits', 'endingChain', 'firewall'],
  ofData: true,
  over: [
    'firewall-rule-drop',
    'forward-policy-drop',
    'no-reply-from-destination',
    'connection-refused',
    'neighbour-unanswered',
  ],
  examine(scene) {
    const hit = endingHit(scene);
    const unheard = hit ? undefined : droppedSolicitation(scene);
    if (unheard?.side === 'host') return unheardClaim(scene, unheard);
    if (hit?.side !== 'host' || hookOf(scene, hit) !== 'input') return null;
    const { rule } = hit;
    const { after } = namesOf(scene);
    const isReply = hit.direction === 'reply';
    const near = missed(scene, hit, null);
    const dev = scene.place?.after?.where === 'host' ? scene.place.after.name : null;
    return withMissed(near, {
      sure: surely(hit),
      what: `the host's firewall ${verb(hit)} what comes in: ${near ? `${near.what}: ` : ''}${ruleShown(rule)}`,
      why: `The ${isReply ? 'answers' : 'packets'} are for this host, came in by ${after}, met ${ruleName(rule)} and ended there.`,
      do: rule.owner
        ? `Let this traffic in where ${rule.owner} is configured.`
        : 'Let this traffic in by a rule before it.',
      owner: rule.owner,
      rule,
      fixes: passing(scene, hit, 'INPUT', dev),
    });
  },
});
