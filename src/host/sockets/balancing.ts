/**
 * Do the rules of a namespace choose among the packets by chance, by turns or by a hash: between destinations, or whom they
 * mark or drop? Little is decoded: the names of such expressions stand in the kernel's own dump (xt_statistic(8), HMARK of
 * iptables-extensions(8), numgen and hash of nft(8)).
 */
import { readFileSync } from 'node:fs';
import type { Answer } from '../../model/answer.ts';
import type { Netns } from '../../model/netns.ts';
import { attribute } from './attribute.ts';
import { attributes, NETLINK_NETFILTER, NFGENMSG, withNetlink } from './netlink.ts';
import { CHAIN, dumpChains, dumpRules, RULE } from './nf-tables.ts';

/** NFTA_EXPR_NAME, NFTA_MATCH_NAME and NFTA_TARGET_NAME alike. */
const NAME = 1;
/** As they stand in a rule, with the length in front: a chain may be called like one. */
const CHOOSING = ['numgen', 'hash', 'statistic', 'random', 'HMARK', 'CLUSTERIP'].map((name) => ({
  name,
  written: attribute(NAME, Buffer.from(`${name}\0`, 'latin1')),
}));

/** Names of the expressions by which rules choose, as `numgen`; empty where none does. Synchronous: 0.2 ms and the dump. */
export function balancingIn(where: Netns | null): Answer<readonly string[]> {
  const source = ['nft', 'list', 'ruleset'];
  return withNetlink(
    where,
    source,
    (fd) => {
      const found = hookedTables(fd).flatMap((table) => choosingIn(fd, table));
      return [...new Set([...found, ...legacy()])];
    },
    NETLINK_NETFILTER,
  );
}

interface Table {
  readonly family: number;
  readonly name: Buffer;
}

/** Tables with a base chain: what no hook leads to meets no packet. */
function hookedTables(fd: number): Table[] {
  const tables = new Map<string, Table>();
  dumpChains(fd, (body) => {
    const about = attributes(body, NFGENMSG);
    const name = about.get(CHAIN.table);
    if (!name || !about.has(CHAIN.hook)) return;
    tables.set(`${body[0]} ${name.toString('latin1')}`, { family: body[0]!, name: Buffer.from(name) });
  });
  return [...tables.values()];
}

function choosingIn(fd: number, { family, name }: Table): string[] {
  const found = new Set<string>();
  dumpRules(fd, family, [attribute(RULE.table, name)], (rule) => {
    for (const { name, written } of CHOOSING) if (rule.includes(written)) found.add(name);
  });
  return [...found];
}

/**
 * Rules of iptables-legacy stand in no dump. Told are the tables of this namespace, and which matches and targets the kernel has:
 * one that chooses is taken for theirs.
 */
const legacy = (): string[] =>
  ['ip', 'ip6'].flatMap((family) => {
    const named = (what: string): string[] => linesOf(`/proc/net/${family}_tables_${what}`);
    if (named('names').length === 0) return [];
    const loaded = new Set([...named('matches'), ...named('targets')]);
    return CHOOSING.map(({ name }) => name).filter((name) => loaded.has(name));
  });

/** None where the kernel has no such tables, or does not let this process read of them. */
function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'latin1').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}
