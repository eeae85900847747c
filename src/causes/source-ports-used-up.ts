import { setSysctls } from '../fixes/sysctl.ts';
import { endings, isOfKind } from '../kernel/drops.ts';
import { clausesOf } from '../kernel/rule-clauses.ts';
import { endingHit } from '../kernel/rules.ts';
import { type Claim, cause } from '../model/cause.ts';
import type { RuleHit, SourcePorts } from '../model/facts.ts';
import { destination } from '../model/flow.ts';
import { isAt, type Scene } from '../model/scene.ts';
import { fromState, ruleName } from '../words/telling.ts';
import { list } from '../words/text.ts';

const KEY = 'net.ipv4.ip_local_port_range';
/** What the kernel starts with, and as far as one can go without the ports of services. */
const USUAL = [32768, 60999] as const;
const WIDE = [10240, 65535] as const;

const TRANSLATES = /^(MASQUERADE|SNAT|masquerade|snat)$/;

/** The sender's own kernel finds none: every port of the range holds a connection to that very destination. */
function ownPorts(scene: Scene & { sourcePorts: SourcePorts }): Claim | null {
  const { symptom, sourcePorts, flow } = scene;
  if (symptom.kind !== 'not-sent' || !/^(EADDRNOTAVAIL|EADDRINUSE)$/.test(symptom.errno ?? '')) return null;
  const { low, high, held, netns } = sourcePorts;
  const all = high - low + 1;
  const taken = Object.values(held).reduce((sum, one) => sum + one, 0);
  if (taken < all) return null;
  const states = list(Object.entries(held).map(([state, times]) => `${times} ${state}`));
  const wider = all < USUAL[1] - USUAL[0] ? USUAL : WIDE;
  const gains = low > wider[0] || high < wider[1];
  return {
    sure: 'proved',
    what: `no source port is free towards ${destination(flow)}: all ${all} are taken`,
    why: `${KEY} is ${low} to ${high}, and each of these ports has a connection to ${destination(flow)} already (${states}). Other destinations are not touched.`,
    do: 'Let the program keep its connections and use them again, close those it has done with, or allow more ports.',
    fixes: gains
      ? [
          setSysctls([{ key: KEY, value: wider.join(' '), before: `${low} ${high}` }], netns, {
            title: `Allow the source ports ${wider[0]} to ${wider[1]}`,
            risk: 'safe',
            affects: 'which source ports new connections of this namespace have',
          }),
        ]
      : [],
    evidence: [fromState(`${taken} of ${all} source ports taken: ${states}`, sourcePorts.source)],
  };
}

/**
 * A rule that rewrites sources finds every port taken: an nft expression drops the packet itself, a target of iptables
 * lets the rule accept it, and the hook then drops what could not be translated (nf_nat_core.c, nf_nat_masquerade.c).
 */
function untranslated(scene: Scene & { ruleHits: readonly RuleHit[] }): RuleHit | undefined {
  const ended = endingHit(scene);
  const last = ended ?? scene.ruleHits.findLast(({ direction }) => direction === 'request');
  if (last?.direction !== 'request' || !TRANSLATES.test(clausesOf(last.rule).target ?? '')) return undefined;
  const behindIt = endings(scene).some((drop) => isOfKind(drop, /^nf_hook_slow$/) !== false);
  return ended || (isAt(scene, 'forward') && behindIt) ? last : undefined;
}

function translatedPorts(scene: Scene & { ruleHits: readonly RuleHit[] }): Claim | null {
  const hit = untranslated(scene);
  if (!hit) return null;
  const { rule } = hit;
  const range = /--to-ports? (\d+-\d+|\d+)|--to-source \S+:(\d+-\d+)/.exec(rule.text);
  const ports = range?.[1] ?? range?.[2];
  return {
    sure: hit.by === 'trace' ? 'proved' : 'supported',
    what: `the translation finds no free source port towards ${destination(scene.flow)}: ${rule.text}`,
    why: `The packets met ${ruleName(rule)}, which rewrites the source, and the kernel dropped them right behind it: it found no free port. ${ports ? `It may give ${ports}` : 'It gives any port of its address'}, and connections to ${destination(scene.flow)} hold them all.`,
    do: ports
      ? 'Give the rule more ports, or more addresses to translate to; close connections that nobody needs.'
      : 'Translate to more addresses, or close connections that nobody needs.',
    owner: rule.owner,
    fixes: [],
    evidence: [fromState('connection tracking counts them as drop', ['conntrack', '-S'])],
  };
}

export default cause({
  id: 'source-ports-used-up',
  title: 'No free source port towards that destination',
  explain: `Each connection to one address and port needs a source port of its own. The kernel gives them from
net.ipv4.ip_local_port_range; when all hold a connection to that destination, open or in TIME-WAIT, the next connect fails
with EADDRNOTAVAIL before any packet leaves. Other destinations go on working.

The same happens in address translation, where many containers share one source address: a MASQUERADE or SNAT rule that
finds no free port drops the packet, though no rule says drop.

Load tests, proxies and scanners that open a connection for each request do that, and ranges that were made small.

By hand: \`ss -tan dst ADDRESS dport = :PORT | wc -l\`, \`sysctl net.ipv4.ip_local_port_range\`; \`conntrack -S\` for the host.`,
  needs: ['sourcePorts', 'ruleHits'],
  over: ['firewall-rule-drop', 'container-no-address', 'masquerade-missing', 'container-permission'],
  examine: (scene) => ownPorts(scene) ?? translatedPorts(scene),
});
