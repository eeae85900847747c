/** What iptables-save, ip6tables-save, ebtables-save and arptables-save print (with `-c`). */
import type { Rule } from '../../model/evidence.ts';
import type { Counted } from './counted.ts';
import { iptablesVerdict } from './verdict.ts';

export interface Saved {
  readonly counted: readonly Counted[];
  /** Tables it found and could not show, or not whole: nft has written what iptables cannot say. */
  readonly incompatible: readonly string[];
  /** Is it the variant that speaks to nf_tables? */
  readonly nft: boolean;
}

const HOOKS = new Set(['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING']);

/** The netfilter hook a chain of that name is called from; BROUTING decides on arrival, before bridging. */
export const hookOfChain = (chain: string): string | null =>
  HOOKS.has(chain) ? chain.toLowerCase() : chain === 'BROUTING' ? 'prerouting' : null;

const POLICY = /^:(\S+) (\S+)(?: \[(\d+):(\d+)\])?$/;
const COUNTERS = /^\[(\d+):(\d+)\] /;

type Place = Pick<Rule, 'engine' | 'family' | 'table'>;

const numberOrNull = (digits: string | undefined): number | null =>
  digits === undefined ? null : Number(digits);

/** `:FORWARD DROP [12:840]`; a chain of one's own has no policy, or ebtables' RETURN. */
function policyOf(line: string, place: Place): Counted | null {
  const [, chain = '', verdict = '-', packets, bytes] = POLICY.exec(line) ?? [];
  const hook = hookOfChain(chain);
  if (verdict === '-' || hook === null) return null;
  return {
    rule: {
      ...place,
      chain,
      hook,
      number: null,
      handle: null,
      text: `-P ${chain} ${verdict}`,
      verdict: verdict.toLowerCase(),
      owner: null,
    },
    packets: numberOrNull(packets),
    bytes: numberOrNull(bytes),
  };
}

/** A chain while its rules are read. */
interface Reading {
  readonly name: string;
  /** How a line of it begins: `-A FORWARD `. */
  readonly begins: string;
  readonly hook: string | null;
  /** How many of its rules have been read. */
  rules: number;
}

/** The chains of one table. Most lines are of the chain that the line before was of. */
class Chains {
  readonly #all = new Map<string, Reading>();
  #last: Reading | undefined;

  /** Of a rule without its counters; null for a line that is none. */
  of(text: string): Reading | null {
    if (this.#last && text.startsWith(this.#last.begins)) return this.#last;
    if (!text.startsWith('-A ')) return null;
    const end = text.indexOf(' ', 3);
    const name = text.slice(3, end < 0 ? undefined : end);
    const chain = this.#all.get(name) ?? { name, begins: `-A ${name} `, hook: hookOfChain(name), rules: 0 };
    this.#all.set(name, chain);
    this.#last = chain;
    return chain;
  }
}

/** Of most rules no packet is counted: no pattern is needed for that. */
const NONE = '[0:0] ';

/** `[12:840] -A FORWARD -j DOCKER-USER`, a line between two places of what was printed. */
function ruleOf(all: string, from: number, to: number, place: Place, chains: Chains): Counted | null {
  const isIdle = all.startsWith(NONE, from);
  const line = all.slice(isIdle ? from + NONE.length : from, to);
  const counters = line.startsWith('[') ? COUNTERS.exec(line) : null;
  const text = counters ? line.slice(counters[0].length) : line;
  const chain = chains.of(text);
  if (!chain) return null;
  return {
    // Spelled out, since a spread makes each of fifty thousand objects ten times as dear.
    rule: {
      engine: place.engine,
      family: place.family,
      table: place.table,
      chain: chain.name,
      hook: chain.hook,
      number: ++chain.rules,
      handle: null,
      text,
      verdict: iptablesVerdict(text),
      owner: null,
    },
    packets: isIdle ? 0 : numberOrNull(counters?.[1]),
    bytes: isIdle ? 0 : numberOrNull(counters?.[2]),
  };
}

/** Rules in the order of the text, numbered within their chain; a table's policies come before its rules. */
export function parseSave(text: string, engine: Rule['engine'], family: string): Saved {
  const counted: Counted[] = [];
  const incompatible: string[] = [];
  let chains = new Chains();
  let place: Place = { engine, family, table: '' };
  let nft = false;
  // A list of fifty thousand lines is not made first.
  for (let from = 0, to = 0; from < text.length; from = to + 1) {
    to = text.indexOf('\n', from);
    if (to < 0) to = text.length;
    const first = text[from];
    if (first === '#') {
      const line = text.slice(from, to);
      nft ||= line.includes('(nf_tables)');
      const wrong = /^# Table `(.+?)' (?:is incompatible|contains incompatible)/.exec(line);
      if (wrong?.[1]) incompatible.push(wrong[1]);
    } else if (first === '*') {
      place = { ...place, table: text.slice(from + 1, to) };
      chains = new Chains();
    } else {
      const found =
        first === ':' ? policyOf(text.slice(from, to), place) : ruleOf(text, from, to, place, chains);
      if (found) counted.push(found);
    }
  }
  return { counted, incompatible, nft };
}
