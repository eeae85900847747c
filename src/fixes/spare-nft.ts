/** Fixes that keep a rule of nft and its purpose, as spare.ts has them for iptables. Syntax: nft(8). */
import type { Ruled } from '../kernel/rules.ts';
import type { Rule } from '../model/evidence.ts';
import type { RuleHit } from '../model/facts.ts';
import { type Fix, run } from '../model/fix.ts';
import type { Netns } from '../model/netns.ts';
import { isNftName } from '../words/arguments/nft.ts';
import { ruleName } from '../words/telling.ts';
import { type Exception, exceptionFor } from './exception.ts';
import { canBeNamed, isWhole, lasting, uncounted } from './rule.ts';

/** Where the layers that an exception asks for can be asked. */
const FAMILIES = ['ip', 'ip6', 'inet', 'bridge', 'netdev'];

/** Connections are tracked by then, whatever the chain's priority is (-200 at the others: nf_ip_hook_priorities). */
const TRACKED = /^(input|forward|postrouting)$/;

/** Stands in a way back for the handle of the rule that the fix makes, as `nft -a list chain` shows it then. */
export const HANDLE = 'HANDLE';

/** What lets a packet pass a chain: where the chain was jumped to, the rest of the table still has its say. */
const passes = (rule: Rule): string => (rule.hook === null ? 'return' : 'accept');

/** One rule more beside another, or at an end of the chain beside its policy. nft tells its handle when it is there, and takes it out by that alone. */
export function placed(
  verb: 'insert' | 'add',
  beside: Rule,
  spec: string,
  netns: Netns | null,
  about: Pick<Fix, 'title' | 'affects'>,
): Fix {
  const chain = [beside.family, beside.table, beside.chain] as const;
  const at = beside.number === null ? [] : ['handle', String(beside.handle)];
  return {
    ...about,
    // The rule may be there to keep exactly this out: that is for a person to say.
    risk: 'disruptive',
    lasts: lasting(beside),
    apply: [run(['nft', verb, 'rule', ...chain, ...at, spec], netns)],
    undo: [
      run(['nft', '-a', 'list', 'chain', ...chain], netns),
      run(['nft', 'delete', 'rule', ...chain, 'handle', HANDLE], netns),
    ],
  };
}

const device = (word: string, name: string | null): string[] =>
  name !== null && isNftName(name) ? [`${word} "${name}"`] : [];

function matchesOf(one: Exception, family: string): string[] {
  const ip = one.family === 6 ? 'ip6' : 'ip';
  const proto = one.proto === 'icmp' && one.family === 6 ? 'ipv6-icmp' : one.proto;
  const tracked = one.isReply && TRACKED.test(one.hook) && /^(ip6?|inet)$/.test(family);
  return [
    ...device('iifname', one.ingress),
    ...device('oifname', one.egress),
    ...(one.source === null ? [] : [`${ip} saddr ${one.source}`]),
    ...(one.destination === null ? [] : [`${ip} daddr ${one.destination}`]),
    one.port === null ? `meta l4proto ${proto}` : `${proto} ${one.isReply ? 'sport' : 'dport'} ${one.port}`,
    ...(tracked ? ['ct state established'] : []),
  ];
}

/** A rule's own matches as nft lists them, and what it counts left out; null where its verdict stands in their midst. */
function matchWords({ text }: Rule): string | null {
  const found = /^(.*?)\s*\b(?:drop|accept|return|reject(?: with [^"]*)?)(?: comment "[^"]*")?$/.exec(
    uncounted(text),
  );
  return found && !/\b(vmap|log|drop|accept|return|reject)\b/.test(found[1]!) ? found[1]! : null;
}

/** `ct original …` matches answers too where no direction is named: those may pass, what it is for stays stopped. */
function direction({ rule, direction: way }: RuleHit, netns: Netns | null): Fix[] {
  const matches = matchWords(rule);
  const forgot = /\bct original (ip6? )?(saddr|daddr|proto-src|proto-dst)\b/.test(matches ?? '');
  if (way !== 'reply' || matches === null || !forgot || /\bct direction\b/.test(matches)) return [];
  return [
    placed('insert', rule, `ct direction reply ${matches} ${passes(rule)}`, netns, {
      title: `Let answers pass before ${ruleName(rule)}, which names no direction`,
      affects:
        'answers of connections that this rule stops now; what it stops on the way there stays stopped',
    }),
  ];
}

/** The rule above that names the port which was asked for, said again by the port before NAT, just behind it. */
function nearMiss(port: number, near: Rule, netns: Netns | null): Fix[] {
  const words = matchWords(near);
  const named = new RegExp(`\\b(tcp|udp) dport ${port}(?![-\\d])`);
  if (words === null || near.handle === null || !named.test(words)) return [];
  const original = words.replace(
    named,
    (_, proto) => `meta l4proto ${proto} ct direction original ct original proto-dst ${port}`,
  );
  return [
    placed('add', near, `${original} ${near.verdict}`, netns, {
      title: `Let port ${port} pass by the port that was asked for, as ${ruleName(near)} means to`,
      affects: `whatever asked for port ${port} before NAT, and nothing else`,
    }),
  ];
}

function exception(scene: Ruled, hit: RuleHit, netns: Netns | null): Fix[] {
  const one = exceptionFor(scene, hit);
  if (one === null) return [];
  const spec = [...matchesOf(one, hit.rule.family), passes(hit.rule)].join(' ');
  const { title, affects } = one;
  return [placed('insert', hit.rule, spec, netns, { title, affects })];
}

/**
 * Ways past a rule of nft, the nearest to its purpose first. `near`: a rule above it that lets the asked port pass and
 * misses because NAT has changed the port by then.
 */
export function sparingNft(scene: Ruled, hit: RuleHit, near: Rule | undefined, netns: Netns | null): Fix[] {
  const { rule } = hit;
  if (!FAMILIES.includes(rule.family) || !isWhole(rule)) return [];
  const byPort = near && scene.flow.port !== null ? nearMiss(scene.flow.port, near, netns) : [];
  return [...byPort, ...direction(hit, netns), ...exception(scene, hit, netns)];
}

/** An accept of this flow behind all rules of a chain whose policy drops. */
export function acceptedAtEnd(scene: Ruled, hit: RuleHit, netns: Netns | null): Fix[] {
  const { rule } = hit;
  const one = exceptionFor(scene, hit);
  if (one === null || rule.engine !== 'nft' || !FAMILIES.includes(rule.family) || !canBeNamed(rule))
    return [];
  const about = { title: one.title, affects: 'this flow alone; the policy stays for everything else' };
  return [placed('add', rule, [...matchesOf(one, rule.family), 'accept'].join(' '), netns, about)];
}
