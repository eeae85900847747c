/**
 * Rules that end what is too much, and let the rest pass: by rate (iptables-extensions(8) hashlimit, recent; nft(8) limit
 * rate over) or by open connections (connlimit, ct count).
 */
import type { Rule } from '../model/evidence.ts';
import type { RuleHit } from '../model/facts.ts';
import { unquoted } from './rule-words.ts';
import { metBefore } from './rules.ts';

export interface Limit {
  readonly rule: Rule;
  readonly of: 'rate' | 'connections';
  /** `more than 6/minute`, `more than 4 open connections at once`. */
  readonly most: string;
}

/** What the rule is a limit of; null for any other rule. */
export function limitOf(rule: Rule): Limit | null {
  const text = unquoted(rule.text);
  const found = (pattern: RegExp): string | undefined => pattern.exec(text)?.[1];
  const rate =
    rule.engine === 'nft'
      ? found(/\blimit rate over (\S+( (bytes|kbytes|mbytes)\/\S+)?)/)
      : found(/--hashlimit-above (\S+)/);
  if (rate !== undefined) return { rule, of: 'rate', most: `more than ${rate}` };
  const open =
    rule.engine === 'nft' ? found(/\bct count over (\d+)/) : found(/(?<!! )--connlimit-above (\d+)/);
  if (open !== undefined)
    return { rule, of: 'connections', most: `more than ${open} open connections at once` };
  const [, seconds, count] = /-m recent\b.*--seconds (\d+).*--hitcount (\d+)/.exec(text) ?? [];
  return count === undefined ? null : { rule, of: 'rate', most: `${count} or more in ${seconds} s` };
}

/** The limit behind a rule that ended a packet: its own, or that of the rule which led the packet into its chain. */
export function limitBehind(hits: readonly RuleHit[], hit: RuleHit): Limit | null {
  const own = limitOf(hit.rule);
  if (own) return own;
  const caller = metBefore(hits, hit).findLast((one) => one.verdict === `jump ${hit.rule.chain}`);
  return caller ? limitOf(caller.rule) : null;
}
