import { opening } from '../fixes/accept.ts';
import { isDefaultDeny } from '../fixes/default-deny.ts';
import { missed, withMissed } from '../fixes/near-miss.ts';
import { pastRule } from '../fixes/past-rule.ts';
import { deletion } from '../fixes/rule.ts';
import { confirmed, NETFILTER } from '../kernel/drops.ts';
import { enteringPacket } from '../kernel/packet-of.ts';
import { clausesOf, fits } from '../kernel/rule-clauses.ts';
import { endingHit, ends, surely, verb } from '../kernel/rules.ts';
import { type Claim, cause } from '../model/cause.ts';
import type { Facts } from '../model/facts.ts';
import type { Scene } from '../model/scene.ts';
import { letPass, namesOf, ruleName } from '../words/telling.ts';

/** A rule at the ingress or egress of a device (family netdev), which the trace of the other families does not show. */
function atDevice(scene: Scene & Pick<Facts, 'firewall'>): Claim | null {
  if (scene.place === null || !confirmed(scene, NETFILTER)) return null;
  const isReply = scene.place.direction === 'reply';
  const fitting = scene.firewall.host.filter((rule) => {
    if (rule.family !== 'netdev' || !ends(rule.verdict)) return false;
    const clauses = clausesOf(rule);
    // The packet is described as the request: what a rule asks of ends and ports says nothing about a reply.
    const asks = isReply ? clauses.asks.filter(({ on }) => on === 'proto') : clauses.asks;
    return fits({ ...clauses, asks }, enteringPacket(scene, null)) !== false;
  });
  const [rule] = fitting;
  if (!rule || fitting.length > 1) return null;
  const { after, before } = namesOf(scene);
  return {
    sure: 'supported',
    what: `a firewall rule at a device drops it: ${rule.text}`,
    why: `Between ${after} and ${before} the kernel dropped the packets in nf_tables, none of the traced rules ended them, and ${ruleName(rule)} fits.`,
    do: 'Remove the rule, or let this traffic pass before it.',
    owner: rule.owner,
    rule,
    fixes: rule.number === null ? opening(rule, null) : deletion(rule, null),
  };
}

export default cause({
  id: 'firewall-rule-drop',
  title: 'A firewall rule drops it',
  explain: `A rule of the host's firewall drops or rejects the packet: in iptables (through nf_tables or the old legacy
tables) or in an nft table of its own. Every base chain at every priority must let a packet pass; an accept in one table
does not overrule a drop in another.

netdoctor names the rule, its place in its chain and who wrote it; and where a rule before it would have let the packet
pass but for one thing (a set that the address is not in any more, a mark, an interface, a port), that one. Make the change where its owner is configured: a rule
that Docker, firewalld or ufw wrote comes back with their next reload.`,
  needs: ['ruleHits', 'firewall', 'endingChain'],
  ofData: true,
  examine(scene) {
    const hit = endingHit(scene);
    if (!hit) return atDevice(scene);
    if (hit.side !== 'host') return null;
    const { after, before } = namesOf(scene);
    const isPolicy = hit.rule.number === null;
    const near = missed(scene, hit, null);
    const ended = isPolicy
      ? `${ruleName(hit.rule)} ${verb(hit)} it`
      : `a firewall rule ${verb(hit)} it: ${hit.rule.text}`;
    return withMissed(near, {
      sure: surely(hit),
      what: near ? `${near.what}: ${ended}` : ended,
      why: `Between ${after} and ${before} the packets met ${ruleName(hit.rule)} and ended there.`,
      do:
        !hit.rule.owner && (isPolicy || isDefaultDeny(hit.rule, scene.endingChain.rules))
          ? 'Let this traffic pass before it.'
          : letPass(hit.rule),
      owner: hit.rule.owner,
      rule: hit.rule,
      fixes: pastRule(scene, hit, null),
    });
  },
});
