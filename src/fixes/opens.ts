/** What a rule is for, told as what its removal opens, or leads elsewhere. */
import type { Clause } from '../kernel/clause.ts';
import { clausesOf } from '../kernel/rule-clauses.ts';
import { ends } from '../kernel/rules.ts';
import type { Rule } from '../model/evidence.ts';
import { inWords } from './clause-words.ts';

const said = (clause: Clause): string =>
  inWords(clause) ?? `${clause.not ? 'not ' : ''}${clause.values.join(' ')}`;

const REWRITES = /^(DNAT|SNAT|MASQUERADE|REDIRECT|TPROXY|NETMAP)$/;

/** `opens to everybody what it stops: everything that comes in by up0, is tcp`. */
export function opens(rule: Rule): string {
  const { asks, target } = clausesOf(rule);
  const what = asks.length === 0 ? 'everything' : `what ${asks.map(said).join(', ')}`;
  if (REWRITES.test(target ?? '')) return `leads ${what} elsewhere than it was meant to go`;
  if (ends(rule.verdict) || /^(DROP|REJECT)$/.test(target ?? '')) return `opens ${what}`;
  return `changes ${what}`;
}
