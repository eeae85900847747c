/** What `nft -a list ruleset`, `list table`, `list chain` and `list chains` print. */
import type { Counted } from './counted.ts';
import { nftVerdict } from './verdict.ts';

export interface NftChain {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  readonly hook: string | null;
  /** The chain's own line, as nft writes it: type, hook, device, priority and policy; null for a chain jumped to. */
  readonly text: string | null;
}

export interface NftTable {
  readonly family: string;
  readonly name: string;
  readonly chains: NftChain[];
}

export interface NftRuleset {
  readonly tables: readonly NftTable[];
  readonly counted: readonly Counted[];
}

const TABLE = /^table (\S+) (\S+) \{/;
const CHAIN = /^\tchain (\S+) \{/;
const BASE = /^type \S+ hook (\S+) .*?priority [^;]+;(?: policy (\S+);)?/;
const HANDLE = /^(.*) # handle (\d+)$/;
const COUNTER = /(?:^|\s)counter packets (\d+) bytes (\d+)/;

const placeOf = (chain: NftChain) => ({
  engine: 'nft' as const,
  family: chain.family,
  table: chain.table,
  chain: chain.name,
  hook: chain.hook,
  owner: null,
});

const policyOf = (chain: NftChain, line: string, policy = 'accept'): Counted => ({
  rule: { ...placeOf(chain), number: null, handle: null, text: line, verdict: policy },
  packets: null,
  bytes: null,
});

function ruleOf(chain: NftChain, number: number, text: string, handle: number): Counted {
  const counter = COUNTER.exec(text);
  return {
    rule: { ...placeOf(chain), number, handle, text, verdict: nftVerdict(text) },
    packets: counter ? Number(counter[1]) : null,
    bytes: counter ? Number(counter[2]) : null,
  };
}

/**
 * nft indents by one tab for what is in a table and two for what is in a chain, and writes each rule on one line with
 * its handle at the end: whatever else stands there (sets, maps, comments, flags) is passed over.
 */
export function parseNft(text: string): NftRuleset {
  const tables: NftTable[] = [];
  const counted: Counted[] = [];
  let chain: NftChain | null = null;
  let number = 0;
  for (const line of text.split('\n')) {
    const table = TABLE.exec(line);
    if (table) tables.push({ family: table[1]!, name: table[2]!, chains: [] });
    const inside = tables.at(-1);
    if (!inside || table) continue;
    const begun = CHAIN.exec(line);
    if (begun) {
      chain = { family: inside.family, table: inside.name, name: begun[1]!, hook: null, text: null };
      inside.chains.push(chain);
      number = 0;
      continue;
    }
    if (!line.startsWith('\t\t')) chain = null;
    if (!chain) continue;
    const content = line.trim();
    const base: RegExpExecArray | null = number === 0 && chain.text === null ? BASE.exec(content) : null;
    const rule = base ? null : HANDLE.exec(content);
    if (base) {
      chain = { ...chain, hook: base[1]!, text: base[0] };
      inside.chains.splice(-1, 1, chain);
      counted.push(policyOf(chain, base[0], base[2]));
    }
    if (rule) counted.push(ruleOf(chain, ++number, rule[1]!, Number(rule[2])));
  }
  return { tables, counted };
}
