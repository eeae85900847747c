import { missed, withMissed } from '../fixes/near-miss.ts';
import { passing } from '../fixes/pass.ts';
import { confirmed, NETFILTER } from '../kernel/drops.ts';
import { outerDrop } from '../kernel/outer-packet.ts';
import { endingHit, hookOf, surely, verb } from '../kernel/rules.ts';
import { sender } from '../kernel/travel.ts';
import { tunnelAt } from '../kernel/tunnel.ts';
import { cause } from '../model/cause.ts';
import { ruleName } from '../words/telling.ts';

export default cause({
  id: 'output-rule-drop',
  title: "The host's firewall does not let the host send it",
  explain: `The host itself sends the packet, or the answer to one, and its rules for what goes out (OUTPUT) drop it. A program
that sends by UDP or ICMP hears "Operation not permitted"; a TCP connection times out.

docker-proxy, a health check or a reverse proxy on the host is such a sender; what is only forwarded does not pass OUTPUT,
so that the same port answers from outside. \`iptables -nvL OUTPUT\` shows the counter.`,
  needs: ['ruleHits', 'endingChain'],
  ofData: true,
  over: ['firewall-rule-drop', 'forward-policy-drop', 'no-reply-from-destination', 'container-permission'],
  examine(scene) {
    const hit = endingHit(scene);
    if (hit?.side === 'host' && hookOf(scene, hit) === 'output') {
      const { rule } = hit;
      const isReply = hit.direction === 'reply';
      const near = missed(scene, hit, null);
      const dev = scene.path.hops.find((hop) => hop.where === 'host')?.name ?? null;
      return withMissed(near, {
        sure: surely(hit),
        what: `the host's firewall ${verb(hit)} what the host sends: ${near ? `${near.what}: ` : ''}${rule.number === null ? ruleName(rule) : rule.text}`,
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
    // What enters a tunnel leaves the host as another packet: that one was dropped, and is the tunnel's own matter.
    const outer = outerDrop(scene);
    if (outer)
      return {
        sure: 'proved',
        what: `the host's own firewall drops the packets of its tunnel ${outer.name}`,
        why: `The packets entered ${outer.name}, and the kernel threw what it made of them away in a firewall before any interface showed it.`,
        do: "Look at the rules of OUTPUT and POSTROUTING, and let the tunnel's packets out.",
      };
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
