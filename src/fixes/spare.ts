/** Fixes that keep a rule and its purpose: an exception before it for this flow, or the direction it forgot. */
import { packetFor } from '../kernel/packet-of.ts';
import { asked, clausesOf, fits } from '../kernel/rule-clauses.ts';
import type { Ruled } from '../kernel/rules.ts';
import type { Rule } from '../model/evidence.ts';
import type { RuleHit } from '../model/facts.ts';
import { type Fix, run } from '../model/fix.ts';
import type { Netns } from '../model/netns.ts';
import { ruleName } from '../words/telling.ts';
import { exceptionFor } from './exception.ts';
import { hasPlace, lasting, program, specOf } from './rule.ts';
import { sparingNft } from './spare-nft.ts';

const BUILT_IN = /^(PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)$/;

/** What lets a packet pass a chain: the rest of the table still has its say where the chain was called. */
const passes = (rule: Rule): string => (BUILT_IN.test(rule.chain) ? 'ACCEPT' : 'RETURN');

/** One rule more in the chain, at a place counted from 1. */
export function inserted(
  rule: Rule,
  at: number,
  spec: readonly string[],
  netns: Netns | null,
  about: Pick<Fix, 'title' | 'affects'>,
): Fix {
  const where = [program(rule), '-t', rule.table] as const;
  return {
    ...about,
    // The rule may be there to keep exactly this out: that is for a person to say.
    risk: 'disruptive',
    lasts: lasting(rule),
    apply: [run([...where, '-I', rule.chain, String(at), ...spec], netns)],
    undo: [run([...where, '-D', rule.chain, ...spec], netns)],
  };
}

const TARGET = /^(-j|-g|--jump|--goto)$/;

/** The rule's own matches, and a verdict that lets pass instead of its target. */
export function withVerdict(spec: readonly string[], verdict: string): string[] {
  const at = spec.findIndex((word) => TARGET.test(word));
  return [...spec.slice(0, at < 0 ? spec.length : at), '-j', verdict];
}

/**
 * A rule about a connection's original ends (`--ctorigdstport`, …) matches its answers too, where it does not name the
 * direction: an answer from port 443 of a flow that began here is none that came in for 443. iptables-extensions(8).
 */
function direction({ rule, direction: way }: RuleHit, netns: Netns | null): Fix[] {
  const spec = specOf(rule);
  const at = spec?.findIndex((word) => /^--ctorig(src|dst)(port)?$/.test(word)) ?? -1;
  if (way !== 'reply' || spec === null || at < 0 || spec.includes('--ctdir') || rule.number === null)
    return [];
  const about = {
    title: `Let answers pass before ${ruleName(rule)}, which names no direction`,
    affects: 'answers of connections that this rule stops now; what it stops on the way there stays stopped',
  };
  const answers = [...spec.slice(0, at), '--ctdir', 'REPLY', ...spec.slice(at)];
  return [inserted(rule, rule.number, withVerdict(answers, passes(rule)), netns, about)];
}

/** A rule above that lets the asked port pass, and misses because NAT has changed the port by then. */
function missed(scene: Ruled, hit: RuleHit, rules: readonly Rule[]): Rule | undefined {
  const { rule, packet } = hit;
  const { port } = scene.flow;
  if (!packet || port === null || hit.direction !== 'request' || packet.destinationPort === port)
    return undefined;
  const mine = packetFor(scene, hit, packet);
  return rules.find((one) => {
    if (one.table !== rule.table || one.family !== rule.family || one.chain !== rule.chain) return false;
    if (one.number === null || rule.number === null || one.number >= rule.number) return false;
    const clauses = clausesOf(one);
    const lets = /^(ACCEPT|RETURN)$/.test(clauses.target ?? '') && asked(clauses, 'dport') !== undefined;
    return lets && fits(clauses, { ...mine, destinationPort: port }) !== false;
  });
}

/** That rule again, by the port that was asked for. */
function nearMiss(scene: Ruled, { rule }: RuleHit, near: Rule | undefined, netns: Netns | null): Fix[] {
  const { port } = scene.flow;
  const spec = near && specOf(near);
  const at = spec?.indexOf('--dport') ?? -1;
  if (!near || !spec || at < 0 || spec[at - 1] === '!') return [];
  const original = ['-m', 'conntrack', '--ctorigdstport', String(port), '--ctdir', 'ORIGINAL'];
  return [
    inserted(
      rule,
      (near.number as number) + 1,
      [...spec.slice(0, at), ...original, ...spec.slice(at + 2)],
      netns,
      {
        title: `Let port ${port} pass by the port that was asked for, as ${ruleName(near)} means to`,
        affects: `whatever asked for port ${port} before NAT, and nothing else`,
      },
    ),
  ];
}

/** An exception for this flow alone, before the rule that ends it. */
function exception(scene: Ruled, hit: RuleHit, netns: Netns | null): Fix[] {
  const { rule } = hit;
  const one = exceptionFor(scene, hit);
  if (one === null || rule.number === null) return [];
  const { ingress, egress, source, destination, proto, family, isReply, port, title, affects } = one;
  const tracked = rule.table !== 'raw' && isReply;
  const spec = [
    ...(ingress ? ['-i', ingress] : []),
    ...(egress ? ['-o', egress] : []),
    ...(source === null ? [] : ['-s', source]),
    ...(destination === null ? [] : ['-d', destination]),
    ...['-p', proto === 'icmp' && family === 6 ? 'ipv6-icmp' : proto],
    ...(port === null ? [] : [isReply ? '--sport' : '--dport', String(port)]),
    ...(tracked ? ['-m', 'conntrack', '--ctstate', 'ESTABLISHED'] : []),
    ...['-j', passes(rule)],
  ];
  return [inserted(rule, rule.number, spec, netns, { title, affects })];
}

/** Ways past a rule that ended the flow, the nearest to its purpose first; none for ebtables and arptables. */
export function sparing(scene: Ruled, hit: RuleHit, rules: readonly Rule[], netns: Netns | null): Fix[] {
  const { rule } = hit;
  if (!hasPlace(rule)) return [];
  const near = missed(scene, hit, rules);
  if (rule.engine === 'nft') return sparingNft(scene, hit, near, netns);
  const isIptables = rule.engine === 'iptables-nft' || rule.engine === 'iptables-legacy';
  if (!isIptables) return [];
  return [...nearMiss(scene, hit, near, netns), ...direction(hit, netns), ...exception(scene, hit, netns)];
}
