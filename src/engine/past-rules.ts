/** How far a request came by the rules that it met: a hook of IP lies behind the interface by which the packet came in. */
import { ends } from '../kernel/rules.ts';
import type { RuleHit } from '../model/facts.ts';
import type { Path } from '../model/path.ts';
import type { Step } from './place.ts';

/**
 * The hops that the rules' trace proves to be crossed. Forwarding chains name the interface by which the packet is to leave:
 * where a bridge calls them for its own frames (br_netfilter), that is the bridge, which they need not come up to.
 */
export function pastRules({ hops }: Path, hits: readonly RuleHit[], probe: number): Step[] {
  const crossed = hits
    .filter((hit) => hit.probe === probe && hit.direction === 'request')
    .map(({ side, rule, packet }): number => {
      const indexOf = (ifindex: number | null | undefined): number =>
        hops.findIndex(({ where, link }) => where === side && link.ifindex === ifindex);
      if (rule.hook === 'input') return indexOf(packet?.ingress);
      return rule.hook === 'forward' || rule.hook === 'postrouting' ? indexOf(packet?.egress) - 1 : -1;
    });
  return hops
    .slice(0, Math.max(-1, ...crossed) + 1)
    .map(({ id }) => ({ probe, direction: 'request', hop: id, event: 'netif_receive_skb' }));
}

/** Of the rules that a connection met those of the packet that one of them ended, as another probe's. */
export function hitsOfEnd(hits: readonly RuleHit[], probe: number): RuleHit[] {
  const end = hits.findIndex(({ verdict }) => ends(verdict));
  if (end < 0) return [];
  const { side, direction, rule } = hits[end] as RuleHit;
  const base = hits
    .slice(0, end + 1)
    .findLast(
      (one) =>
        one.rule.hook !== null &&
        one.side === side &&
        one.direction === direction &&
        one.rule.table === rule.table,
    );
  return base ? [{ ...base, probe }] : [];
}
