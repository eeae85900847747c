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

/** Fields are spelled out: a spread makes each of fifty thousand objects ten times as dear. */
function counted(
  chain: NftChain,
  number: number | null,
  handle: number | null,
  text: string,
  verdict: string,
): Counted {
  const counter = text.includes('counter packets') ? COUNTER.exec(text) : null;
  return {
    rule: {
      engine: 'nft',
      family: chain.family,
      table: chain.table,
      chain: chain.name,
      hook: chain.hook,
      number,
      handle,
      text,
      verdict,
      owner: null,
    },
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
  const found: Counted[] = [];
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
      found.push(counted(chain, null, null, base[0], base[2] ?? 'accept'));
    }
    if (rule) found.push(counted(chain, ++number, Number(rule[2]), rule[1]!, nftVerdict(rule[1]!)));
  }
  return { tables, counted: found };
}
