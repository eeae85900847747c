import { iptables } from '../fixes/rule.ts';
import { answeredFrom } from '../kernel/answered-from.ts';
import { sourceOnUplink } from '../kernel/nat.ts';
import { entrance } from '../kernel/packet-of.ts';
import { helperOf } from '../kernel/second-flow.ts';
import { cause } from '../model/cause.ts';
import type { Rule } from '../model/evidence.ts';
import { type Fix, run } from '../model/fix.ts';
import type { Flow } from '../model/flow.ts';
import { fromState, fromStateIn } from '../words/telling.ts';
import { capital } from '../words/text.ts';

/** Helpers are given out by rules since Linux 4.7 (net.netfilter.nf_conntrack_helper), and by nothing else since 6.0. */
function give(
  { port, proto, family }: Flow,
  helper: string,
  enters: string | null,
  rules: readonly Rule[],
): Fix[] {
  const isLegacy = rules.some((rule) => rule.engine === 'iptables-legacy');
  const tool = iptables(family, isLegacy);
  const chain = enters === null ? 'OUTPUT' : 'PREROUTING';
  const words = [
    chain,
    ...(enters === null ? [] : ['-i', enters]),
    ...['-p', proto, '--dport', String(port), '-j', 'CT', '--helper', helper],
  ];
  return [
    {
      title: `Give flows to port ${port} that come in by ${enters ?? 'this host'} the helper ${helper}`,
      risk: 'safe',
      lasts: 'until reboot, or until the rules are loaded again',
      affects: 'the kernel reads those requests, and lets the flow in that each of them announces',
      apply: [run([tool, '-t', 'raw', '-I', ...words])],
      undo: [run([tool, '-t', 'raw', '-D', ...words])],
    },
  ];
}

export default cause({
  id: 'conntrack-helper-missing',
  title: 'The answer comes by a second flow that connection tracking does not expect',
  explain: `Some protocols answer by a flow of its own: a TFTP server takes a fresh port for every request, FTP opens a
connection for the data, SIP negotiates ports for the voice. A NAT or a stateful firewall lets in what it has seen asked
for, and knows of the second flow only when a connection-tracking helper has read the first.

Since Linux 4.7 the kernel gives no helper to anything by itself: a rule must (\`-j CT --helper tftp\` in table raw, or
\`ct helper set\` in nft), where the module nf_conntrack_tftp, nf_conntrack_ftp and so on does the reading. Set-ups that
relied on the old way broke then.

By hand: capture on the uplink, and compare the port asked with the port that answers.`,
  needs: ['firewall'],
  over: [
    'reply-source-wrong',
    'firewall-rule-drop',
    'forward-policy-drop',
    'input-rule-drop',
    'firewalld-rejects',
    'conntrack-invalid-drop',
    'direct-routing-blocked',
    'no-reply-from-destination',
    'reply-route-diverted',
  ],
  examine(scene) {
    const helper = helperOf(scene.flow);
    const found = answeredFrom(scene);
    if (!helper || !found || scene.symptom.kind === 'answered' || scene.place?.direction !== 'reply')
      return null;
    const { hop, asked, answer } = found;
    if (answer.source !== asked.destination) return null;
    const rules = scene.firewall.host.filter(
      (rule) => /\bhelper\b/i.test(rule.text) && rule.text.includes(helper.name),
    );
    const isHidden = sourceOnUplink(scene)?.rewritten === true;
    return {
      sure: 'proved',
      what: `the answer comes from port ${answer.sourcePort}, not ${asked.destinationPort}, and no connection-tracking helper expects it`,
      why: `${capital(helper.second)}: it came in by ${hop.name} from ${answer.source} port ${answer.sourcePort}, and this host ${isHidden ? 'does not know whose address to give it back' : 'takes it for a stranger'}${rules.length > 0 ? ', though a rule gives the helper to other flows' : ', since no rule gives such flows the helper'}.`,
      do: `Give flows to port ${helper.port} the helper ${helper.name} (module nf_conntrack_${helper.name}).`,
      fixes: give(scene.flow, helper.name, entrance(scene), scene.firewall.host),
      evidence: [
        fromStateIn(
          hop.netns,
          `the answer on ${hop.name} comes from port ${answer.sourcePort}`,
          ['tcpdump', '-ni', hop.name, 'host', answer.source],
          hop.id,
        ),
        fromState(
          rules.length > 0
            ? rules.map(({ text }) => text).join(' · ')
            : `no rule gives the helper ${helper.name}`,
          ['iptables', '-t', 'raw', '-S'],
        ),
      ],
    };
  },
});
