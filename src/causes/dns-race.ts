import { droppedBy } from '../kernel/drops.ts';
import { endingHit } from '../kernel/rules.ts';
import { cause } from '../model/cause.ts';
import { isAt } from '../model/scene.ts';
import { asksResolver } from '../wire/dns.ts';
import { fromState } from '../words/telling.ts';

export default cause({
  id: 'dns-race',
  title: 'One of two parallel look-ups is lost in connection tracking',
  explain: `Most resolvers in C libraries ask for the IPv4 and the IPv6 address at the same moment from one source port. Two packets of
one new flow can race through NAT: both make a connection-tracking entry, only one can be confirmed, and the packet of the
other is dropped. The resolver waits its full five seconds and asks again.

What people see are look-ups that take exactly 5 (or 2.5) seconds, now and then.

By hand: \`conntrack -S\` and look whether insert_failed grows; \`options single-request-reopen\` or \`use-vc\` in resolv.conf
avoid it, and so does a resolver on the same node, which needs no NAT.`,
  needs: ['conntrack', 'ruleHits'],
  over: ['no-reply-from-destination', 'dns-resolver-silent'],
  examine(scene) {
    const answered = scene.outcomes.filter((one) => one.result === 'answered').length;
    if (!asksResolver(scene.flow) || scene.flow.proto === 'tcp') return null;
    // A race takes some and lets others through; anything steady is no race.
    if (answered === 0 || answered === scene.outcomes.length || endingHit(scene)) return null;
    if (!isAt(scene, 'forward', 'port', 'bridge', 'send')) return null;
    if (
      droppedBy(
        scene,
        /^(nf_hook_slow|nf_hook_slow_list|nf_conntrack_confirm|__nf_conntrack_confirm|nf_confirm)$/,
      ) !== true
    )
      return null;
    const { count, max } = scene.conntrack;
    if (count !== null && max !== null && count >= max * 0.97) return null;
    return {
      sure: 'supported',
      what: 'one of several look-ups at the same moment is lost in connection tracking',
      why: `${answered} of ${scene.outcomes.length} questions were answered; the kernel dropped the others behind its rules, where entries are confirmed, and no rule ended them.`,
      do: 'Add "options single-request-reopen" to the container\u2019s resolv.conf, or use a resolver that needs no NAT.',
      evidence: [fromState('insert_failed counts such losses', ['conntrack', '-S'])],
    };
  },
});
