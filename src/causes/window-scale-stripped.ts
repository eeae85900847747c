import { deletion, listing } from '../fixes/rule.ts';
import { type HalfScaled, halfScaled } from '../kernel/half-scaled.ts';
import { meets } from '../kernel/rule-chain.ts';
import type { Packet } from '../kernel/rule-clauses.ts';
import { cause } from '../model/cause.ts';
import type { Rule } from '../model/evidence.ts';
import { fromState, ruleName } from '../words/telling.ts';
import { capital } from '../words/text.ts';

/** xt_TCPOPTSTRIP by name or number, and nft(8), `reset tcp option`. */
const STRIPS = /--strip-options \S*\b(wscale|3)\b|reset tcp option window\b/;

/** Those of what is forwarded. */
const HOOKS = ['prerouting', 'forward', 'postrouting'] as const;

/** The rule that the answer comes to between the two. */
function stripping(rules: readonly Rule[], { after, before, whole }: HalfScaled): Rule | undefined {
  const { source, destination, sourcePort, destinationPort } = whole;
  const packet: Packet = {
    ...{ source, destination, sourcePort, destinationPort },
    ...{ in: after.name, out: before.name },
    proto: 'tcp',
    isLocal: () => false,
  };
  return rules.find(
    (rule) => STRIPS.test(rule.text) && HOOKS.some((hook) => meets(rules, rule, packet, hook) !== false),
  );
}

export default cause({
  id: 'window-scale-stripped',
  title: 'The window scale option is taken out of the answer to a SYN',
  explain: `Both ends of a TCP connection say in their SYN by how much their windows are scaled, and it counts where both have (RFC 7323).
Something on this host takes the option out of the SYN-ACK alone: the far end scales, and the asker takes its windows for what
they say, a hundredth of what is meant. Short requests pass, uploads crawl a few hundred bytes at a time.

Rules with TCPOPTSTRIP, nft's \`reset tcp option\` and normalising firewalls do that, mostly where they were meant for one
direction or another protocol. Taken out of both SYNs the option would do no harm but to the speed.

By hand: \`tcpdump -vni INTERFACE 'tcp[13] & 2 != 0'\` on both sides shows the options.`,
  needs: ['firewall'],
  examine(scene) {
    if (scene.symptom.kind !== 'answered' || scene.flow.proto !== 'tcp') return null;
    const found = halfScaled(scene);
    if (!found) return null;
    const { after, before } = found;
    const rule = stripping(scene.firewall.host, found);
    return {
      sure: 'proved',
      what: `the window scale option is taken out of the answer to each SYN between ${after.name} and ${before.name}${rule ? `: ${rule.text}` : ''}`,
      why: `The SYN that reached the far end has it, and so has its answer on ${after.name}; on ${before.name} the answer has none. The far end scales its windows, and who asked does not: long transfers crawl or stop.${rule ? ` ${capital(ruleName(rule))} does that.` : ''}`,
      do: rule
        ? 'Take the option out of the list of that rule, or remove the rule.'
        : 'Look for what rewrites TCP options there: a rule with TCPOPTSTRIP, a tc action, a program of BPF.',
      ...(rule ? { rule, owner: rule.owner } : {}),
      fixes: rule ? deletion(rule, null) : [],
      evidence: [
        fromState(
          `the SYN-ACK has the option on ${after.name}, and not on ${before.name}`,
          ['tcpdump', '-vni', before.name, 'tcp[13] & 2 != 0'],
          before.id,
        ),
        ...(rule ? [fromState(rule.text, listing(rule))] : []),
      ],
    };
  },
});
