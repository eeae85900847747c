/** The fix for a rule or policy on the way into or out of the host itself. */

import type { Rule } from '../model/evidence.ts';
import type { Fix } from '../model/fix.ts';
import { carrier, type Flow } from '../model/flow.ts';
import { accepting, opening } from './accept.ts';
import { deletion } from './rule.ts';

/** Words of iptables that select the flow's protocol and destination port. */
function select(flow: Flow): string[] {
  const proto = carrier(flow);
  if (proto === 'icmp') return ['-p', flow.family === 6 ? 'ipv6-icmp' : 'icmp'];
  return flow.port === null ? ['-p', proto] : ['-p', proto, '--dport', String(flow.port)];
}

/** Accepts this flow alone at the top of the chain, where iptables rules; else takes the rule or the policy away. */
export function passing(
  rule: Rule,
  flow: Flow,
  chain: 'INPUT' | 'OUTPUT',
  dev: string | null,
  isReply: boolean,
): Fix[] {
  const way = chain === 'INPUT' ? '-i' : '-o';
  const match = [...(dev ? [way, dev] : []), ...select(flow)];
  const narrow =
    rule.table === 'filter' && !isReply
      ? accepting(rule, [{ chain, match }], null, {
          title: `Accept this flow in ${chain}`,
          affects: `${match.slice(dev ? 2 : 0).join(' ')} ${chain === 'INPUT' ? 'from' : 'to'} ${dev ?? 'anywhere'}`,
        })
      : [];
  return [...narrow, ...(rule.number === null ? opening(rule, null) : deletion(rule, null))];
}
