import { deletion } from '../fixes/rule.ts';
import { NETFILTER } from '../kernel/drops.ts';
import { outerDrop, outerPacket } from '../kernel/outer-packet.ts';
import { meets } from '../kernel/rule-chain.ts';
import { clausesOf } from '../kernel/rule-clauses.ts';
import { cause } from '../model/cause.ts';
import { fromState, ruleName } from '../words/telling.ts';

export default cause({
  id: 'tunnel-packets-dropped',
  title: 'A firewall rule of this host drops the packets of its own tunnel',
  explain: `A tunnel (GRE, IPIP, SIT, Geneve, WireGuard) puts each packet into an outer one, which the host itself sends to the other
end. Rules for what the host sends (OUTPUT, POSTROUTING) see the outer packet, and not the one inside: a rule that lets
containers out does not help it. Nobody is told, and a capture on the tunnel shows the packet leave.

By hand: \`tcpdump -ni UPLINK host OTHER-END\` shows no packet of the tunnel; \`iptables -vnL OUTPUT\` counts them.`,
  needs: ['firewall', 'wireguard'],
  over: ['output-rule-drop', 'firewall-rule-drop', 'no-reply-from-destination', 'masquerade-missing'],
  explains: NETFILTER,
  examine(scene) {
    const hop = outerDrop(scene);
    // A VXLAN's port has a cause of its own.
    if (!hop || hop.kind === 'vxlan') return null;
    const packet = outerPacket(scene, hop, scene.wireguard);
    const rules = scene.firewall.host;
    const drops = rules.filter((rule) => /^(DROP|REJECT)$/.test(clausesOf(rule).target ?? ''));
    const met = (sure: boolean | null) =>
      packet &&
      drops.find((rule) =>
        (['output', 'postrouting'] as const).some((hook) => meets(rules, rule, packet, hook) === sure),
      );
    const rule = met(true) ?? met(null) ?? undefined;
    const to = packet ? ` to ${packet.destination}` : '';
    return {
      sure: 'proved',
      what: `the host's own firewall drops the packets of its tunnel ${hop.name}${rule ? `: ${rule.text}` : ''}`,
      why: `The packets entered ${hop.name}, and the kernel threw what it made of them${to} away in a firewall before any interface showed it.${rule ? ` ${ruleName(rule)} takes such packets.` : ''}`,
      do: rule?.owner
        ? `Let the tunnel's packets out where ${rule.owner} is configured.`
        : `Let the tunnel's packets${to} out by a rule before it.`,
      owner: rule?.owner ?? null,
      ...(rule ? { rule } : {}),
      fixes: rule ? deletion(rule, null) : [],
      evidence: packet
        ? [
            fromState(
              `${hop.name} sends to ${packet.destination} by ${packet.out}`,
              ['ip', '-d', 'link', 'show', 'dev', hop.name],
              hop.id,
            ),
          ]
        : [],
    };
  },
});
