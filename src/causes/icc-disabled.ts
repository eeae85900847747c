import { accepting } from '../fixes/accept.ts';
import { deletion } from '../fixes/rule.ts';
import { NETFILTER } from '../kernel/drops.ts';
import { commonBridge, hitInsideBridge } from '../kernel/inside-bridge.ts';
import { networkOf } from '../kernel/nat.ts';
import { asked, clausesOf } from '../kernel/rule-clauses.ts';
import { surely } from '../kernel/rules.ts';
import { cause } from '../model/cause.ts';
import { ruleName, ruleShown } from '../words/telling.ts';

export default cause({
  id: 'icc-disabled',
  title: 'The network forbids its containers to talk to each other',
  explain: `Docker's option icc=false (com.docker.network.bridge.enable_icc) and its like forbid containers of one network to talk to
each other: a rule drops what comes in by the bridge and would leave by the same bridge. Each container reaches the
outside, and none its neighbour.

\`docker network inspect\` shows the option, and \`iptables -S\` a rule with the same bridge after -i and -o. Containers
that need each other belong into a network of their own.`,
  needs: ['ruleHits'],
  explains: NETFILTER,
  over: ['bridge-netfilter-drop', 'firewall-rule-drop', 'forward-policy-drop', 'network-isolation'],
  examine(scene) {
    const hit = hitInsideBridge(scene);
    const bridge = commonBridge(scene);
    if (!hit || !bridge) return null;
    const network = networkOf(scene);
    const clauses = clausesOf(hit.rule);
    const within = (['in', 'out'] as const).every((on) => {
      const clause = asked(clauses, on);
      return clause !== undefined && !clause.not && clause.values.includes(bridge);
    });
    // Only interfaces: a rule that asks more is somebody's own, and no option of the network.
    const plainly = within && clauses.asks.every(({ on }) => on === 'in' || on === 'out');
    // Docker 29's nftables backend: the chain is that of the bridge it leaves by.
    const isOption = plainly || (hit.rule.owner === 'docker' && /\bcomment "ICC"/.test(hit.rule.text));
    const isForbidden = network ? !network.icc : isOption && hit.rule.number !== null;
    if (!isForbidden) return null;
    const { rule } = hit;
    return {
      sure: surely(hit),
      what: `containers on ${bridge} may not talk to each other: ${ruleShown(rule)}`,
      why: `The packets go from one port of ${bridge} to another and ended at ${ruleName(rule)}${network ? `: the network ${network.name} has inter-container communication off` : ''}.`,
      do: 'Put the two into a network that allows it, or turn the option on for this one.',
      owner: rule.owner,
      rule,
      fixes: [
        ...accepting(rule, [{ chain: 'FORWARD', match: ['-i', bridge, '-o', bridge] }], null, {
          title: `Let containers on ${bridge} talk to each other`,
          risk: 'disruptive',
          affects: `all containers on ${bridge}`,
        }),
        ...deletion(rule, null),
      ],
    };
  },
});
