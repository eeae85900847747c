import { deletion } from '../fixes/rule.ts';
import { endingHit, OF_ANY_RULE, surely, verb } from '../kernel/rules.ts';
import { cause } from '../model/cause.ts';
import { namesOf, ruleName, ruleShown } from '../words/telling.ts';

export default cause({
  id: 'firewalld-rejects',
  title: 'What other rules accepted, firewalld rejects',
  explain: `firewalld keeps an nft table of its own, with base chains that see every packet after those of iptables. An accept in
one base chain is not final: where the container's bridge is in no zone that may forward, firewalld's chain rejects the
packet in the end, mostly with "administratively prohibited", which a program reports as "No route to host".

\`firewall-cmd --get-active-zones\` lacks the bridge. Put it into a zone that trusts it:
\`firewall-cmd --permanent --zone=trusted --add-interface=BRIDGE\`, or let Docker do so by restarting it.`,
  needs: ['ruleHits'],
  ofData: true,
  over: [...OF_ANY_RULE, 'network-isolation'],
  examine(scene) {
    const hit = endingHit(scene);
    const isFirewalld = hit?.rule.table === 'firewalld' || hit?.rule.owner === 'firewalld';
    if (hit?.side !== 'host' || !isFirewalld) return null;
    const { after, before } = namesOf(scene);
    return {
      sure: surely(hit),
      what: `firewalld ${verb(hit)} it: ${ruleShown(hit.rule)}`,
      why: `Between ${after} and ${before} the packets met ${ruleName(hit.rule)}, whatever iptables accepted before.`,
      do: 'Let it pass in firewalld.',
      owner: 'firewalld',
      rule: hit.rule,
      fixes: deletion(hit.rule, null),
    };
  },
});
