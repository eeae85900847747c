/** Firewall rules as state: each by its own words, since its number changes with those before it. */
import type { Counted } from '../../discover/rules/counted.ts';
import type { Entry, State } from './state.ts';

/** Tables of netdoctor's own come and go with what it arms. */
const OWN = /^netdoctor/;

export function statesOfRules(all: readonly Counted[]): State {
  const state = new Map<string, Entry>();
  const same = new Map<string, number>();
  for (const { rule } of all) {
    if (OWN.test(rule.table)) continue;
    const chain = `${rule.family} ${rule.table} ${rule.chain}`;
    const isPolicy = rule.number === null;
    const name = isPolicy ? `policy of ${chain}` : `${chain}: ${rule.text}`;
    const count = (same.get(name) ?? 0) + 1;
    same.set(name, count);
    state.set(`${rule.engine} ${name} ${count}`, {
      kind: 'firewall',
      what: isPolicy ? name : chain,
      device: null,
      fields: { '': isPolicy ? rule.verdict : rule.text },
    });
  }
  return state;
}
