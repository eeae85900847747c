import { missed, withMissed } from '../fixes/near-miss.ts';
import { passing } from '../fixes/pass.ts';
import { deletion } from '../fixes/rule.ts';
import { confirmed, NETFILTER } from '../kernel/drops.ts';
import { outerDrop, outerPacket } from '../kernel/outer-packet.ts';
import { endingRules } from '../kernel/rule-walk.ts';
import { endingHit, hookOf, surely, verb } from '../kernel/rules.ts';
import { sender } from '../kernel/travel.ts';
import { tunnelAt } from '../kernel/tunnel.ts';
import { type Claim, cause } from '../model/cause.ts';
import type { Firewall, WireGuardPeer } from '../model/facts.ts';
import type { Hop } from '../model/path.ts';
import type { Scene } from '../model/scene.ts';
import { fromState, ruleName, ruleShown } from '../words/telling.ts';

/** What enters a tunnel leaves the host as another packet, which the host itself sends: that one was dropped. */
function ofTunnel(
  scene: Scene & { readonly firewall: Firewall; readonly wireguard: readonly WireGuardPeer[] },
  hop: Hop,
): Claim {
  const packet = outerPacket(scene, hop, scene.wireguard);
  const met = (['output', 'postrouting'] as const).flatMap((hook) =>
    packet ? endingRules(scene.firewall.host, packet, hook) : [],
  );
  const rule = (met.find(({ sure }) => sure) ?? met[0])?.rule;
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
}

export default cause({
  id: 'output-rule-drop',
  title: "The host's firewall does not let the host send it",
  explain: `The host itself sends the packet, or the answer to one, and its rules for what goes out (OUTPUT) drop it. A program
that sends by UDP or ICMP hears "Operation not permitted"; a TCP connection times out.

docker-proxy, a health check or a reverse proxy on the host is such a sender; what is only forwarded does not pass OUTPUT,
so that the same port answers from outside. \`iptables -nvL OUTPUT\` shows the counter.

A tunnel (GRE, IPIP, SIT, Geneve, WireGuard) puts each packet into an outer one, which the host itself sends to the other
end. Rules for what the host sends (OUTPUT, POSTROUTING) see the outer packet, and not the one inside: a rule that lets
containers out does not help it, and a capture on the tunnel shows the packet leave. \`tcpdump -ni UPLINK host OTHER-END\`
then shows none.`,
  needs: ['ruleHits', 'endingChain', 'firewall', 'wireguard'],
  ofData: true,
  over: [
    'firewall-rule-drop',
    'forward-policy-drop',
    'no-reply-from-destination',
    'masquerade-missing',
    'container-permission',
  ],
  examine(scene) {
    const hit = endingHit(scene);
    if (hit?.side === 'host' && hookOf(scene, hit) === 'output') {
      const { rule } = hit;
      const isReply = hit.direction === 'reply';
      const near = missed(scene, hit, null);
      const dev = scene.path.hops.find((hop) => hop.where === 'host')?.name ?? null;
      return withMissed(near, {
        sure: surely(hit),
        what: `the host's firewall ${verb(hit)} what the host sends: ${near ? `${near.what}: ` : ''}${ruleShown(rule)}`,
        why: `The ${isReply ? 'answers' : 'packets'} of this host met ${ruleName(rule)} before they left, and ended there.`,
        do: rule.owner
          ? `Let this traffic out where ${rule.owner} is configured.`
          : 'Let this traffic out by a rule before it.',
        owner: rule.owner,
        rule,
        fixes: passing(scene, hit, 'OUTPUT', isReply ? null : dev),
      });
    }
    const isOwn = scene.place?.stage === 'send' && scene.place.direction === 'request';
    const outer = outerDrop(scene);
    if (outer) return ofTunnel(scene, outer);
    if (tunnelAt(scene)) return null;
    if (hit || !isOwn || sender(scene)?.side !== 'host' || !confirmed(scene, NETFILTER)) return null;
    return {
      sure: 'proved',
      what: "the host's own firewall drops what it sends",
      why: 'The kernel dropped the packets in a firewall before any interface of the host showed them.',
      do: 'Look at the rules of OUTPUT and POSTROUTING, and let this traffic out.',
    };
  },
});
