import { accepting } from '../fixes/accept.ts';
import { missed, withMissed } from '../fixes/near-miss.ts';
import { pastRule } from '../fixes/past-rule.ts';
import { endingHit, hookOf, surely } from '../kernel/rules.ts';
import { cause } from '../model/cause.ts';
import type { Rule } from '../model/evidence.ts';
import type { Fix } from '../model/fix.ts';
import type { Scene } from '../model/scene.ts';
import { fromState, namesOf, ruleName } from '../words/telling.ts';

/** Accepts for what the bridge of the container sends, and for the replies that come back to it. */
function letBridgePass(scene: Scene, rule: Rule): Fix[] {
  const bridge = scene.path.hops.find((hop) => hop.where === 'host' && hop.kind === 'bridge')?.name;
  if (!bridge) return [];
  const inward = scene.flow.from === 'outside' || scene.flow.from === 'host';
  const replies = ['-m', 'conntrack', '--ctstate', 'RELATED,ESTABLISHED'];
  const rules = inward
    ? [
        { chain: rule.chain, match: ['-o', bridge] },
        { chain: rule.chain, match: ['-i', bridge, ...replies] },
      ]
    : [
        { chain: rule.chain, match: ['-i', bridge] },
        { chain: rule.chain, match: ['-o', bridge, ...replies] },
      ];
  return accepting(rule, rules, null, {
    title: `Accept what ${inward ? 'goes to' : 'comes from'} ${bridge}, and its replies`,
    affects: `everything that is routed ${inward ? 'to' : 'from'} ${bridge}`,
  });
}

export default cause({
  id: 'forward-policy-drop',
  title: "The forward chain's policy drops it",
  explain: `No rule of the chain accepts the packet, and the chain's policy is to drop what is left over. Docker sets the policy of
FORWARD to DROP when it starts, and accepts only for its own bridges: those of LXD, libvirt or CNI beside it lose their
way out. A flush of the rules that leaves the policy does the same to Docker's.

\`iptables -S FORWARD | head -1\` (or \`nft list chain …\`) shows the policy, and \`iptables -nvL FORWARD\` its counter. A
base chain of any nft table can have such a policy.`,
  needs: ['ruleHits', 'endingChain'],
  ofData: true,
  over: ['firewall-rule-drop'],
  examine(scene) {
    const hit = endingHit(scene);
    if (hit?.side !== 'host' || hit.rule.number !== null || hookOf(scene, hit) !== 'forward') return null;
    const { rule } = hit;
    const { after, before } = namesOf(scene);
    const near = missed(scene, hit, null);
    const wide = letBridgePass(scene, rule);
    return withMissed(near, {
      sure: surely(hit),
      what: `${near ? `${near.what}:` : 'no rule accepts it, and'} ${ruleName(rule)} drops it`,
      why: `Between ${after} and ${before} no rule of chain ${rule.chain} accepted the packets, and its policy is to drop.`,
      do: rule.owner
        ? `Let ${rule.owner} accept this traffic, or accept it in a rule of that chain.`
        : 'Accept this traffic in a rule of that chain.',
      owner: rule.owner,
      rule,
      fixes: wide.length > 0 ? wide : pastRule(scene, hit, null),
      evidence: [
        fromState(
          `the policy of ${rule.chain} is drop`,
          rule.engine === 'nft'
            ? ['nft', 'list', 'chain', rule.family, rule.table, rule.chain]
            : [rule.family === 'ip6' ? 'ip6tables' : 'iptables', '-S', rule.chain],
        ),
      ],
    });
  },
});
