/** Rules that rewrite addresses, and where they lead. */
import type { Rule } from '../model/evidence.ts';
import type { Clauses } from './clause.ts';
import { clausesOf, decides } from './rule-clauses.ts';

/** A rule that rewrites the destination (`DNAT`, `REDIRECT`, `TPROXY`) or the source (`MASQUERADE`, `SNAT`). */
export interface Rewrite {
  readonly rule: Rule;
  readonly clauses: Clauses;
  /** Null: the host's own address (`REDIRECT`, `MASQUERADE`), or one that the rule does not tell. */
  readonly address: string | null;
  readonly port: number | null;
}

/** `10.0.0.2:80`, `[fd00::2]:80`, `10.0.0.2`, `:80` and `8080` as address and port. */
export function endpoint(text: string | null): { address: string | null; port: number | null } {
  const word = (text ?? '').split(' ')[0] ?? '';
  const six = /^\[([0-9a-f:.]+)\](?::(\d+))?$/i.exec(word);
  if (six) return { address: six[1] as string, port: six[2] ? Number(six[2]) : null };
  if (/^\d+$/.test(word)) return { address: null, port: Number(word) };
  const four = /^([0-9.]*)(?::(\d+))?$/.exec(word);
  if (four) return { address: four[1] || null, port: four[2] ? Number(four[2]) : null };
  return { address: /^[0-9a-f]*:[0-9a-f:.]+$/i.test(word) ? word : null, port: null };
}

function rewrites(rules: readonly Rule[], targets: readonly string[]): Rewrite[] {
  return rules.flatMap((rule) => {
    if (rule.number === null || decides(rule)) return [];
    const clauses = clausesOf(rule);
    if (clauses.target === null || !targets.includes(clauses.target)) return [];
    return [{ rule, clauses, ...endpoint(clauses.argument) }];
  });
}

export const destinationRewrites = (rules: readonly Rule[]): Rewrite[] =>
  rewrites(rules, ['DNAT', 'REDIRECT', 'TPROXY']);

export const sourceRewrites = (rules: readonly Rule[]): Rewrite[] => rewrites(rules, ['MASQUERADE', 'SNAT']);

/** Is this a rule that hides packets from connection tracking? */
export const isNotrack = (clauses: Clauses): boolean =>
  clauses.target === 'NOTRACK' || (clauses.target === 'CT' && clauses.options.includes('notrack'));
