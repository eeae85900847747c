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

/** `[12:840] -A FORWARD -j DOCKER-USER` */
function ruleOf(line: string, place: Place, numbers: Map<string, number>): Counted | null {
  const counters = line.startsWith('[') ? COUNTERS.exec(line) : null;
  const text = counters ? line.slice(counters[0].length) : line;
  if (!text.startsWith('-A ')) return null;
  const end = text.indexOf(' ', 3);
  const chain = text.slice(3, end < 0 ? undefined : end);
  const number = (numbers.get(chain) ?? 0) + 1;
  numbers.set(chain, number);
  return {
    // Spelled out, since a spread makes each of fifty thousand objects ten times as dear.
    rule: {
      engine: place.engine,
      family: place.family,
      table: place.table,
      chain,
      hook: hookOfChain(chain),
      number,
      handle: null,
      text,
      verdict: iptablesVerdict(text),
      owner: null,
    },
    packets: numberOrNull(counters?.[1]),
    bytes: numberOrNull(counters?.[2]),
  };
}

/** Rules in the order of the text, numbered within their chain; a table's policies come before its rules. */
export function parseSave(text: string, engine: Rule['engine'], family: string): Saved {
  const counted: Counted[] = [];
  const incompatible: string[] = [];
  let numbers = new Map<string, number>();
  let place: Place = { engine, family, table: '' };
  let nft = false;
  for (const line of text.split('\n')) {
    if (line.startsWith('#')) {
      nft ||= line.includes('(nf_tables)');
      const wrong = /^# Table `(.+?)' (?:is incompatible|contains incompatible)/.exec(line);
      if (wrong?.[1]) incompatible.push(wrong[1]);
    } else if (line.startsWith('*')) {
      place = { ...place, table: line.slice(1) };
      numbers = new Map();
    } else {
      const found = line.startsWith(':') ? policyOf(line, place) : ruleOf(line, place, numbers);
      if (found) counted.push(found);
    }
  }
  return { counted, incompatible, nft };
}
