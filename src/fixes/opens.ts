/** What a rule is for, told as what its removal opens, or leads elsewhere. */
import type { Clause } from '../kernel/clause.ts';
import { clausesOf } from '../kernel/rule-clauses.ts';
import { ends } from '../kernel/rules.ts';
import type { Rule } from '../model/evidence.ts';

const WORDS: Readonly<Partial<Record<Clause['on'], (values: string) => string>>> = {
  in: (values) => `comes in by ${values}`,
  out: (values) => `leaves by ${values}`,
  source: (values) => `comes from ${values}`,
  destination: (values) => `goes to ${values}`,
  proto: (values) => `is ${values}`,
  sport: (values) => `has source port ${values}`,
  dport: (values) => `has port ${values}`,
  state: (values) => `is ${values}`,
  mark: (values) => `has mark ${values}`,
  tuple: (values) => `is in ${values}`,
};

function said({ on, not, values }: Clause): string {
  const told = WORDS[on];
  if (told) return told(`${not ? 'anything but ' : ''}${values.join(', ')}`);
  return `${not ? 'not ' : ''}${values.join(' ')}`;
}

const REWRITES = /^(DNAT|SNAT|MASQUERADE|REDIRECT|TPROXY|NETMAP)$/;

/** `opens to everybody what it stops: everything that comes in by up0, is tcp`. */
export function opens(rule: Rule): string {
  const { asks, target } = clausesOf(rule);
  const what = asks.length === 0 ? 'everything' : `what ${asks.map(said).join(', ')}`;
  if (REWRITES.test(target ?? '')) return `leads ${what} elsewhere than it was meant to go`;
  if (ends(rule.verdict) || /^(DROP|REJECT)$/.test(target ?? '')) return `opens ${what}`;
  return `changes ${what}`;
}
