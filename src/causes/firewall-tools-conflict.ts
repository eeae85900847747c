import { deletion } from '../fixes/rule.ts';
import { entrance } from '../kernel/packet-of.ts';
import { asked, clausesOf } from '../kernel/rule-clauses.ts';
import { endingHit } from '../kernel/rules.ts';
import { cause } from '../model/cause.ts';
import type { Rule } from '../model/evidence.ts';
import type { Scene } from '../model/scene.ts';
import { fromState, ruleName } from '../words/telling.ts';

/** Tables that iptables-nft calls its own. */
const OWN = /^(filter|nat|mangle|raw|security)$/;

/**
 * Rules of nft's own in a table of iptables: iptables cannot read them, and refuses the whole table. Where it does, all
 * rules of the table are listed by nft; those that iptables wrote carry a counter, always.
 */
const foreign = (rule: Rule): boolean =>
  rule.engine === 'nft' &&
  rule.number !== null &&
  OWN.test(rule.table) &&
  (rule.family === 'ip' || rule.family === 'ip6') &&
  !/\bcounter\b/.test(rule.text);

/** Does the runtime have any rule for the interface through which the packets come? */
function served(scene: Scene, rules: readonly Rule[], device: string): boolean {
  const source = scene.path.sourceAddress;
  return rules.some((rule) => {
    const clauses = clausesOf(rule);
    if (foreign(rule) || clauses.target === null) return false;
    const named = [asked(clauses, 'in'), asked(clauses, 'out')].some((one) => one?.values.includes(device));
    return named || (source !== null && asked(clauses, 'source')?.values.includes(source) === true);
  });
}

export default cause({
  id: 'firewall-tools-conflict',
  title: 'The firewall tools conflict: iptables cannot change a table that nft wrote',
  explain: `iptables-nft and nft keep their rules in the same kernel tables. When somebody adds a rule to one of iptables' own tables
with nft, and iptables has no word for it, iptables refuses the whole table: "table filter is incompatible, use 'nft' tool".

A container runtime that works through iptables can then write no rules: new containers have no accept, no DNAT and no
MASQUERADE, and are dropped by the chain's policy.

By hand: \`iptables -S\` says "incompatible"; \`nft list table ip filter\` shows the rule. Native rules belong in a table of their own.`,
  needs: ['firewall', 'ruleHits'],
  over: ['forward-policy-drop', 'port-not-published', 'masquerade-missing', 'connection-refused'],
  examine(scene) {
    const device = entrance(scene);
    if (device === null || scene.symptom.kind === 'answered') return null;
    const end = endingHit(scene);
    const policy = end?.side === 'host' && end.rule.number === null;
    const unserved = scene.symptom.kind === 'refused' || scene.symptom.kind === 'silence';
    if (!policy && (end !== undefined || !unserved)) return null;
    const found = scene.firewall.host.filter(foreign);
    const rule = found[0];
    if (!rule || served(scene, scene.firewall.host, device)) return null;
    return {
      sure: 'supported',
      what: `iptables cannot change its table ${rule.table}, to which nft added a rule: the runtime's rules for ${device} are missing`,
      why: `${ruleName(rule)} was written by nft (${rule.text}). With it in place iptables refuses the table, and no rule mentions ${device}.`,
      do: 'Move the native rule into a table of its own, and let the runtime write its rules again (restart it).',
      owner: rule.owner,
      rule,
      // Which of several iptables cannot read is not known.
      fixes: found.length === 1 ? deletion(rule, null) : [],
      evidence: [fromState(rule.text, ['nft', '-a', 'list', 'table', rule.family, rule.table])],
    };
  },
});
