import { opening } from '../model/accept.ts';
import { cause } from '../model/cause.ts';
import { deletion } from '../model/rule-fix.ts';
import { endingHit, surely, verb } from '../model/rules.ts';
import { namesOf, ruleName } from '../model/telling.ts';

export default cause({
  id: 'firewall-rule-drop',
  title: 'A firewall rule drops it',
  explain: `A rule of the host's firewall drops or rejects the packet: in iptables (through nf_tables or the old legacy
tables) or in an nft table of its own. Every base chain at every priority must let a packet pass; an accept in one table
does not overrule a drop in another.

netdoctor names the rule, its place in its chain and who wrote it. Make the change where its owner is configured: a rule
that Docker, firewalld or ufw wrote comes back with their next reload.`,
  needs: ['ruleHits'],
  examine(scene) {
    const hit = endingHit(scene);
    if (hit?.side !== 'host') return null;
    const { after, before } = namesOf(scene);
    const isPolicy = hit.rule.number === null;
    return {
      sure: surely(hit),
      what: isPolicy
        ? `${ruleName(hit.rule)} ${verb(hit)} it`
        : `a firewall rule ${verb(hit)} it: ${hit.rule.text}`,
      why: `Between ${after} and ${before} the packets met ${ruleName(hit.rule)} and ended there.`,
      do: hit.rule.owner
        ? `Change it where ${hit.rule.owner} is configured, or let this traffic pass before it.`
        : 'Remove the rule, or let this traffic pass before it.',
      owner: hit.rule.owner,
      fixes: isPolicy ? opening(hit.rule, null) : deletion(hit.rule, null),
    };
  },
});
