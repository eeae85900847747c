/** The fix for a rule or policy on the way into or out of the host itself. */

import type { Ruled } from '../kernel/rules.ts';
import type { EndingChain } from '../model/ending-chain.ts';
import type { RuleHit } from '../model/facts.ts';
import type { Fix } from '../model/fix.ts';
import { carrier, type Flow } from '../model/flow.ts';
import { accepting } from './accept.ts';
import { pastRule } from './past-rule.ts';
import { takes } from './risk.ts';

const SPARES = (fix: Fix): boolean => !takes(fix);

/** Words of iptables that select the flow's protocol and destination port. */
function select(flow: Flow): string[] {
  const proto = carrier(flow);
  if (proto === 'icmp') return ['-p', flow.family === 6 ? 'ipv6-icmp' : 'icmp'];
  return flow.port === null ? ['-p', proto] : ['-p', proto, '--dport', String(flow.port)];
}

/** Accepts this flow alone at the top of the chain, where iptables rules; else the least that lets it pass the rule. */
export function passing(
  scene: Ruled & { readonly endingChain: EndingChain },
  hit: RuleHit,
  chain: 'INPUT' | 'OUTPUT',
  dev: string | null,
): Fix[] {
  const { flow } = scene;
  const { rule } = hit;
  const isReply = hit.direction === 'reply';
  const way = chain === 'INPUT' ? '-i' : '-o';
  const match = [...(dev ? [way, dev] : []), ...select(flow)];
  const narrow =
    rule.table === 'filter' && !isReply
      ? accepting(rule, [{ chain, match }], null, {
          title: `Accept this flow in ${chain}`,
          affects: `${match.slice(dev ? 2 : 0).join(' ')} ${chain === 'INPUT' ? 'from' : 'to'} ${dev ?? 'anywhere'}`,
        })
      : [];
  const past = pastRule(scene, hit, null);
  return rule.number === null && narrow.length > 0
    ? narrow
    : [...past.filter(SPARES), ...narrow, ...past.filter((fix) => !SPARES(fix))];
}
