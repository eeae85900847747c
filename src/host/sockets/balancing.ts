/**
 * Do the NAT rules of a namespace choose between destinations by chance, by turns or by a hash? Nothing is decoded: the
 * names of such expressions stand in the kernel's own dump (xt_statistic(8), numgen and hash of nft(8)).
 */
import { readFileSync } from 'node:fs';
import type { Answer } from '../../model/answer.ts';
import type { Netns } from '../../model/netns.ts';
import { attribute } from './attribute.ts';
import { attributes, NETLINK_NETFILTER, NFGENMSG, textOf, withNetlink } from './netlink.ts';
import { CHAIN, dumpChains, dumpRules, RULE } from './nf-tables.ts';

/** The names end with a zero byte, so that a longer word is not taken for one. */
const CHOOSING = ['numgen\0', 'hash\0', 'statistic\0', 'random\0'].map((name) => Buffer.from(name, 'latin1'));

/** Names of the expressions by which NAT rules choose, as `numgen`; empty where none does. Synchronous: 0.2 ms and the dump. */
export function balancingIn(where: Netns | null): Answer<readonly string[]> {
  const source = ['nft', 'list', 'ruleset'];
  return withNetlink(
    where,
    source,
    (fd) => {
      const found = natTables(fd).flatMap((table) => choosingIn(fd, table));
      return [...new Set([...found, ...legacy()])];
    },
    NETLINK_NETFILTER,
  );
}

interface Table {
  readonly family: number;
  readonly name: Buffer;
}

/** Tables with a base chain of type nat: only there are destinations chosen. */
function natTables(fd: number): Table[] {
  const tables = new Map<string, Table>();
  dumpChains(fd, (body) => {
    const about = attributes(body, NFGENMSG);
    const name = about.get(CHAIN.table);
    if (!name || textOf(about.get(CHAIN.type)) !== 'nat') return;
    tables.set(`${body[0]} ${name.toString('latin1')}`, { family: body[0]!, name: Buffer.from(name) });
  });
  return [...tables.values()];
}

function choosingIn(fd: number, { family, name }: Table): string[] {
  const found = new Set<string>();
  dumpRules(fd, family, [attribute(RULE.table, name)], (rule) => {
    for (const word of CHOOSING)
      if (rule.includes(word)) found.add(word.toString('latin1', 0, word.length - 1));
  });
  return [...found];
}

/** Rules of iptables-legacy stand in no dump; the matches that they have loaded do. */
function legacy(): string[] {
  try {
    if (!/^nat$/m.test(readFileSync('/proc/net/ip_tables_names', 'latin1'))) return [];
    return /^statistic$/m.test(readFileSync('/proc/net/ip_tables_matches', 'latin1')) ? ['statistic'] : [];
  } catch {
    return [];
  }
}
