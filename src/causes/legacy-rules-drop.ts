import { opening } from '../fixes/accept.ts';
import { deletion, program } from '../fixes/rule.ts';
import { confirmed } from '../kernel/drops.ts';
import { enteringPacket, entrance } from '../kernel/packet-of.ts';
import { isOfFamily, meets } from '../kernel/rule-chain.ts';
import { endingHit, ends, OF_ANY_RULE } from '../kernel/rules.ts';
import { cause } from '../model/cause.ts';
import type { Rule } from '../model/evidence.ts';
import type { Scene } from '../model/scene.ts';
import { fromState, namesOf, ruleName } from '../words/telling.ts';

/** What the old tables do is done in nf_hook_slow; nf_tables drops in nft_do_chain. */
const OLD = /^nf_hook_slow$/;

const CHAIN: Readonly<Record<string, RegExp>> = {
  forward: /^FORWARD$/,
  bridge: /^FORWARD$/,
  deliver: /^(INPUT|PREROUTING)$/,
  send: /^(OUTPUT|POSTROUTING)$/,
  port: /^PREROUTING$/,
};

/** A legacy rule or policy that could have done it, where no counter tells which. */
function suspect(scene: Scene, rules: readonly Rule[]): Rule | undefined {
  const chain = CHAIN[scene.place?.stage ?? ''];
  const legacy = rules.filter(
    (rule) => rule.engine === 'iptables-legacy' && isOfFamily(rule, scene.flow.family) && ends(rule.verdict),
  );
  const packet = enteringPacket(scene, entrance(scene));
  const written = legacy.find(
    (rule) => rule.number !== null && meets(rules, rule, packet, 'prerouting') !== false,
  );
  return written ?? legacy.find((rule) => rule.number === null && chain?.test(rule.chain));
}

export default cause({
  id: 'legacy-rules-drop',
  title: 'Rules of iptables-legacy drop it',
  explain: `iptables exists twice: the program of today writes to nf_tables, the old one (iptables-legacy) to tables of its own.
The kernel asks both. Rules that an old program or container image wrote to the legacy tables are invisible to
\`iptables -S\`, which at most warns that legacy tables are present, and they drop all the same.

\`iptables-legacy-save -c\` shows them with their counters. The kernel tells them apart: they drop in nf_hook_slow.`,
  needs: ['ruleHits', 'firewall'],
  ofData: true,
  over: [...OF_ANY_RULE, 'network-isolation'],
  examine(scene) {
    const hit = endingHit(scene);
    if (hit && (hit.side !== 'host' || hit.rule.engine !== 'iptables-legacy')) return null;
    if (!hit && (scene.place === null || !confirmed(scene, OLD))) return null;
    const rule = hit?.rule ?? suspect(scene, scene.firewall.host);
    if (!rule) return null;
    const { after, before } = namesOf(scene);
    return {
      sure: confirmed(scene, OLD) ? 'proved' : 'supported',
      what: `${rule.number === null ? ruleName(rule) : 'a rule'} of iptables-legacy drops it${rule.number === null ? '' : `: ${rule.text}`}`,
      why: `Between ${after} and ${before} the packets ended at ${ruleName(rule)}, in the legacy tables, which iptables itself does not show.`,
      do: 'Remove it with iptables-legacy, and let one kind of iptables write all rules.',
      owner: rule.owner,
      rule,
      fixes: rule.number === null ? opening(rule, null) : deletion(rule, null),
      evidence: [fromState(`legacy rules exist: ${ruleName(rule)}`, [`${program(rule)}-save`, '-c'])],
    };
  },
});
