import { deletion, listing } from '../fixes/rule.ts';
import { sparing } from '../fixes/spare.ts';
import { isNotrack } from '../kernel/nat-rules.ts';
import { enteringPacket, entrance } from '../kernel/packet-of.ts';
import { asked, clausesOf, fits } from '../kernel/rule-clauses.ts';
import { endingHit } from '../kernel/rules.ts';
import { cause } from '../model/cause.ts';
import { type Fix, run } from '../model/fix.ts';
import type { Scene } from '../model/scene.ts';
import { fromState, ruleName } from '../words/telling.ts';

const LIBERAL = 'net.netfilter.nf_conntrack_tcp_be_liberal';

function liberal(scene: Scene): Fix[] {
  if (scene.flow.proto !== 'tcp') return [];
  return [
    {
      title: 'Let connection tracking accept TCP packets outside the window it knows',
      risk: 'safe',
      lasts: 'until reboot, or until something writes the sysctl again',
      affects: 'all TCP flows of this host; it helps half-seen flows, not untracked ones',
      apply: [run(['sysctl', '-w', `${LIBERAL}=1`])],
      undo: [run(['sysctl', '-w', `${LIBERAL}=0`])],
    },
  ];
}

export default cause({
  id: 'conntrack-invalid-drop',
  title: 'A rule drops packets that connection tracking calls invalid',
  explain: `Firewalls often drop what connection tracking calls INVALID (or UNTRACKED): packets that belong to no flow it has
seen begin. That is right for noise and wrong where the host sees only one half of a conversation: asymmetric routing, a
NOTRACK rule for one direction, a bridge that carries the other, very large windows.

The sender is fine and the rule is not aimed at it; what must change is why the flow is half seen.

By hand: \`iptables -S | grep -i invalid\`, \`iptables -t raw -S | grep -i notrack\`, and \`conntrack -S\` for the counter "invalid".`,
  needs: ['ruleHits', 'firewall'],
  ofData: true,
  over: ['firewall-rule-drop', 'input-rule-drop', 'output-rule-drop'],
  examine(scene) {
    const hit = endingHit(scene);
    if (hit?.side !== 'host' || hit.rule.number === null) return null;
    const state = asked(clausesOf(hit.rule), 'state');
    const states = state?.values.map((value) => value.toUpperCase()) ?? [];
    const invalid = states.every((value) => value === 'INVALID' || value === 'UNTRACKED');
    if (states.length === 0 || state?.not || !invalid) return null;
    const packet = enteringPacket(scene, entrance(scene));
    const notrack = scene.firewall.host.find(
      (rule) => isNotrack(clausesOf(rule)) && fits(clausesOf(rule), packet) !== false,
    );
    const spared = sparing(scene, hit, scene.firewall.host, null);
    return {
      sure: hit.by === 'trace' ? 'proved' : 'supported',
      what: `a rule drops it because connection tracking calls it ${list(states, notrack !== undefined)}: ${hit.rule.text}`,
      why: notrack
        ? `${ruleName(notrack)} hides the flow from connection tracking (${notrack.text}), and ${ruleName(hit.rule)} drops what is hidden.`
        : `The packets met ${ruleName(hit.rule)}: this host has not seen their flow begin, or sees only one direction of it.`,
      do: notrack
        ? 'Remove the NOTRACK rule, or exempt this flow from the drop.'
        : 'Let both directions pass through this host, or exempt this flow from the rule.',
      owner: hit.rule.owner,
      rule: hit.rule,
      fixes: notrack
        ? [...spared, ...deletion(notrack, null), ...deletion(hit.rule, null)]
        : [...liberal(scene), ...spared, ...deletion(hit.rule, null)],
      evidence: notrack ? [fromState(notrack.text, listing(notrack))] : [],
    };
  },
});

/** With NOTRACK at work the packet is untracked; else it is what the rule names. */
const list = (states: readonly string[], untracked: boolean): string =>
  (untracked && states.includes('UNTRACKED') ? ['UNTRACKED'] : states).join(' or ').toLowerCase();
