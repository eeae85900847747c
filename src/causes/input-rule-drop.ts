import { admitting } from '../fixes/admit-neighbours.ts';
import { missed, withMissed } from '../fixes/near-miss.ts';
import { passing } from '../fixes/pass.ts';
import { endingHit, hookOf, surely, verb } from '../kernel/rules.ts';
import { byRule, droppedSolicitation } from '../kernel/solicitation.ts';
import { cause } from '../model/cause.ts';
import { namesOf, ruleName } from '../words/telling.ts';

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
    if (unheard?.side === 'host')
      return {
        sure: unheard.told ? 'proved' : 'supported',
        what: `the host's firewall drops the neighbour solicitations for ${unheard.address}${byRule(unheard)}`,
        why: `The question for ${unheard.address} arrives on ${unheard.dev} and the host does not answer; ${unheard.told ? 'the kernel dropped it in a firewall' : 'no rule there lets it in'}. Without neighbour discovery nobody can send to it by IPv6.`,
        do: 'Let ICMPv6 neighbour discovery in by a rule before it.',
        ...(unheard.rule ? { owner: unheard.rule.owner, rule: unheard.rule } : {}),
        fixes: admitting(scene, unheard),
      };
    if (hit?.side !== 'host' || hookOf(scene, hit) !== 'input') return null;
    const { rule } = hit;
    const { after } = namesOf(scene);
    const isReply = hit.direction === 'reply';
    const near = missed(scene, hit, null);
    const dev = scene.place?.after?.where === 'host' ? scene.place.after.name : null;
    return withMissed(near, {
      sure: surely(hit),
      what: `the host's firewall ${verb(hit)} what comes in: ${near ? `${near.what}: ` : ''}${rule.number === null ? ruleName(rule) : rule.text}`,
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
