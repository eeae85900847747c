import { deletion } from '../fixes/rule.ts';
import { sparing } from '../fixes/spare.ts';
import { droppedBy } from '../kernel/drops.ts';
import { enteringPacket, entrance } from '../kernel/packet-of.ts';
import { clausesOf, fits } from '../kernel/rule-clauses.ts';
import { cause } from '../model/cause.ts';
import type { Rule } from '../model/evidence.ts';
import type { Scene } from '../model/scene.ts';
import { fromState, ruleName } from '../words/telling.ts';

const LIST = ['cat', '/proc/net/netfilter/nfnetlink_queue'] as const;

/** A rule that queues, and does not let packets pass when nobody reads. */
const queues = (rule: Rule): boolean => {
  const { target, options } = clausesOf(rule);
  return target === 'NFQUEUE' && !options.includes('bypass');
};

/** What the rule asks of interfaces is left out: the packet may meet it in any hook. */
function mayMeet(scene: Scene, rule: Rule): boolean {
  const clauses = clausesOf(rule);
  const asks = clauses.asks.filter(({ on }) => !['in', 'out', 'source', 'sport'].includes(on));
  return fits({ ...clauses, asks }, enteringPacket(scene, entrance(scene))) !== false;
}

export default cause({
  id: 'queue-without-reader',
  title: 'An NFQUEUE rule hands it to a program that is not there',
  explain: `An NFQUEUE rule does not decide itself: it hands the packet to a program (an intrusion detector, an interactive
firewall) and waits for its verdict. When no program reads that queue the kernel drops the packet, unless the rule says
bypass.

The program crashed, was stopped, or reads another queue number; the rule stayed.

By hand: \`iptables-save | grep NFQUEUE\`, and \`cat /proc/net/netfilter/nfnetlink_queue\`, which lists the queues that are read.`,
  needs: ['ruleHits', 'firewall'],
  ofData: true,
  over: [
    'firewall-rule-drop',
    'input-rule-drop',
    'output-rule-drop',
    'container-firewall-drop',
    'bridge-netfilter-drop',
  ],
  examine(scene) {
    if (scene.place === null) return null;
    const dropped = droppedBy(scene, /^(__)?nf_queue$|^nf_reinject$|nfqnl/);
    if (dropped === false) return null;
    const direction = scene.place.direction;
    const met = scene.ruleHits.find(
      (hit) => hit.direction === direction && queues(hit.rule) && /queue/i.test(hit.verdict),
    );
    const found =
      met?.rule ??
      (dropped ? scene.firewall.host.find((rule) => queues(rule) && mayMeet(scene, rule)) : undefined);
    if (!found) return null;
    const { argument } = clausesOf(found);
    const number = /^\d+/.exec(argument ?? '')?.[0] ?? '0';
    const side = met?.side ?? 'host';
    const netns = side === 'container' ? scene.target.netns : null;
    return {
      sure: dropped ? 'proved' : 'supported',
      what: `an NFQUEUE rule hands it to queue ${number}, which no program reads: ${found.text}`,
      why: `The packets met ${ruleName(found)}, and the kernel dropped them for want of a reader.`,
      do: 'Start the program that reads this queue, let the rule say bypass, or remove it.',
      owner: found.owner,
      fixes: [...(met ? sparing(scene, met, scene.firewall[side], netns) : []), ...deletion(found, netns)],
      evidence: [fromState(`nobody answers for queue ${number}`, LIST)],
    };
  },
});
