import { accepting } from '../fixes/accept.ts';
import { attachment } from '../kernel/attachment.ts';
import { networkOf, within } from '../kernel/nat.ts';
import { asked, clausesOf } from '../kernel/rule-clauses.ts';
import { endingHit, isSameRule } from '../kernel/rules.ts';
import { cause } from '../model/cause.ts';
import type { Rule } from '../model/evidence.ts';
import type { Scene } from '../model/scene.ts';
import { fromState, ruleName } from '../words/telling.ts';

/** A rule that shuts a bridge against everything outside its own subnet: how runtimes make a network internal. */
function shuts(rule: Rule, bridge: string, address: string): boolean {
  // One that does not name it need not be taken apart, and there may be fifty thousand.
  if (!rule.text.includes(bridge) && !rule.chain.endsWith(`__${bridge}`)) return false;
  if (!/^(drop|reject)/.test(rule.verdict)) return false;
  const clauses = clausesOf(rule);
  const named = (on: 'in' | 'out'): boolean => {
    const clause = asked(clauses, on);
    return clause !== undefined && !clause.not && clause.values.includes(bridge);
  };
  const butItself = (on: 'source' | 'destination'): boolean => {
    const clause = asked(clauses, on);
    return (
      clause?.not === true && clause.values.some((value) => value.includes('/') && within(address, value))
    );
  };
  // Docker 29's nftables backend has chains for each bridge, and asks only for the interface at the other side.
  const butByItself = (['in', 'out'] as const).some((on) => {
    const clause = asked(clauses, on);
    return clause?.not === true && clause.values.every((value) => value === bridge);
  });
  if (rule.chain.endsWith(`__${bridge}`) && /^filter-forward/.test(rule.chain) && butByItself)
    return clauses.asks.length === 1;
  return (named('in') && butItself('destination')) || (named('out') && butItself('source'));
}

/** Does the flow stay inside the network? */
const staysInside = (scene: Scene): boolean =>
  scene.path.stages.includes('bridge') || scene.path.ending === 'host' || scene.flow.from === 'host';

export default cause({
  id: 'network-internal',
  title: 'The network is internal: it has no way out, on purpose',
  explain: `The container's network was made internal (\`docker network create --internal\`, podman the same): its containers reach
each other and nothing beyond. There is no default route inside, rules drop what would leave, and ports are not published.

That is a decision and no fault. A container that needs a way out belongs into a second network that has one:
\`docker network connect NETWORK CONTAINER\`.`,
  needs: ['firewall', 'ruleHits'],
  over: [
    'container-no-route',
    'firewall-rule-drop',
    'network-isolation',
    'forward-policy-drop',
    'masquerade-missing',
    'no-reply-from-destination',
  ],
  examine(scene) {
    const { place } = scene;
    const at = attachment(scene, 'container');
    const own = at?.link.addresses.find((one) => one.family === scene.flow.family && one.scope !== 'link');
    if (place === null || staysInside(scene) || !at || !own) return null;
    const hit = endingHit(scene);
    const noWay = scene.path.sourceRoute.refusal !== null;
    if (!noWay && hit === undefined) return null;
    const bridge = at.bridge?.name;
    const network = networkOf(scene);
    // What a rule was seen to end that does not shut the bridge says nothing of the network: the other rules need not be listed.
    const isByShutting = bridge !== undefined && hit?.side === 'host' && shuts(hit.rule, bridge, own.address);
    if (!noWay && !isByShutting && network?.internal !== true) return null;
    const rules = bridge ? scene.firewall.host.filter((rule) => shuts(rule, bridge, own.address)) : [];
    const ended = hit !== undefined && rules.some((rule) => isSameRule(rule, hit.rule));
    if (network?.internal !== true && !ended && !(noWay && rules.length > 0)) return null;
    const [first] = rules;
    return {
      sure: ended || noWay ? 'proved' : 'supported',
      what: `the network ${network ? network.name : `of ${bridge}`} is internal and has no way out, on purpose`,
      why: `${noWay ? 'The container has no route out of its network. ' : ''}${first ? `${ruleName(first)} drops what would leave it: ${first.text}.` : 'The runtime says it is internal.'}`,
      do: 'Connect the container to a second network that has a way out, if it is meant to have one.',
      owner: first?.owner ?? (network ? scene.target.runtime : null),
      fixes:
        first && bridge && !noWay
          ? accepting(
              first,
              [
                { chain: first.chain, match: ['-i', bridge] },
                { chain: first.chain, match: ['-o', bridge] },
              ],
              null,
              {
                title: `Let ${bridge} out`,
                risk: 'dangerous',
                affects: `all containers on ${bridge}, which somebody wanted to keep inside`,
                confirm: bridge,
              },
            )
          : [],
      evidence: first
        ? [fromState(`${ruleName(first)}: ${first.text}`, ['iptables', '-S', first.chain])]
        : [],
    };
  },
});
