/** From the kernel's name of a rule (table, chain, handle) to the rule as its owner would list it. */

import { ask, askFirst } from '../../host/ask.ts';
import type { Machine } from '../../host/machine.ts';
import { type Answer, mapAnswer } from '../../model/answer.ts';
import type { Rule } from '../../model/evidence.ts';
import type { Command, Netns } from '../../model/netns.ts';
import { isNftName } from '../../words/arguments/nft.ts';
import { withOwner } from '../owners.ts';
import { parseNft } from './nft-text.ts';
import { parseSave } from './save-text.ts';
import { type Tool, toolFor } from './tools.ts';

/** NFPROTO_* of linux/netfilter.h. */
const FAMILIES: Readonly<Record<number, string>> = {
  1: 'inet',
  2: 'ip',
  3: 'arp',
  5: 'netdev',
  7: 'bridge',
  10: 'ip6',
};

export interface Named {
  readonly family: number;
  readonly table: string;
  readonly chain: string;
  /** Null: the chain's policy. */
  readonly handle: number | null;
}

/** The chain in the words of iptables or ebtables, if one of them wrote it. */
async function inOwnWords(
  machine: Machine,
  tool: Tool,
  netns: Netns | null,
  { table, chain }: Named,
): Promise<Answer<readonly Rule[]>> {
  const whole: readonly Command['argv'][] = tool.programs.map((program) =>
    tool.chain ? [program, '-t', table] : [program],
  );
  const one: readonly Command['argv'][] = tool.chain ? [[tool.chain, '-t', table, '-S', chain]] : [];
  const answer = await askFirst(machine, [...one, ...whole], netns);
  return mapAnswer(answer, (text) => {
    const single = !/^\*/m.test(text);
    const { counted, nft } = parseSave(single ? asSaved(text, table) : text, tool.engine, tool.family);
    if (!single && !nft) throw new Error('the legacy variant does not see this table');
    return counted.map(({ rule }) => rule).filter((rule) => rule.table === table && rule.chain === chain);
  });
}

/** `iptables -S CHAIN` as iptables-save would print it. */
const asSaved = (listing: string, table: string): string =>
  `*${table}\n${listing.replace(/^-P (\S+) (\S+)$/m, ':$1 $2')}`;

/**
 * What stands for a rule whose table or chain has a name that nft cannot be given: by raw netlink the kernel takes any
 * bytes, and nft would parse them as commands. Number 0: a rule, and nobody can say which.
 */
const unshown = ({ family, table, chain, handle }: Named): Rule => ({
  engine: 'nft',
  family: FAMILIES[family] ?? String(family),
  table,
  chain,
  hook: null,
  number: handle === null ? null : 0,
  handle,
  text: 'cannot be shown: the name of its table or chain is none that nft can be given',
  verdict: 'unknown',
  owner: null,
});

async function readChain(machine: Machine, netns: Netns | null, named: Named): Promise<readonly Rule[]> {
  const family = FAMILIES[named.family] ?? String(named.family);
  const tool = toolFor(family, named.table);
  // nft fetches the rules of this chain only (since 1.0.1), and so does `iptables -S CHAIN`.
  const [listed, own] = await Promise.all([
    ask(machine, ['nft', '-a', 'list', 'chain', family, named.table, named.chain], netns),
    tool ? inOwnWords(machine, tool, netns, named) : null,
  ]);
  if (!listed.known) return [];
  const byNft = parseNft(listed.value)
    .counted.map(({ rule }) => rule)
    .filter((rule) => rule.table === named.table && rule.chain === named.chain && rule.family === family);
  if (!own?.known) return byNft;
  const numbered = (rules: readonly Rule[]) => rules.filter((rule) => rule.number !== null);
  const byTool = numbered(own.value);
  // Where nft wrote into the chain what the tool leaves out, the two lists do not go together.
  if (byTool.length !== numbered(byNft).length) return byNft;
  return byNft.map((rule) => {
    const same = own.value.find((one) => one.number === rule.number);
    return same ? { ...same, handle: rule.handle, hook: rule.hook } : rule;
  });
}

/** The rules of the chain that a rule stands in, and the chain's policy; empty where it cannot be listed. */
export async function rulesBeside(
  machine: Machine,
  netns: Netns | null,
  rule: Rule,
): Promise<readonly Rule[]> {
  const family = Object.entries(FAMILIES).find(([, name]) => name === rule.family)?.[0];
  const { table, chain, handle } = rule;
  if (family === undefined || ![table, chain].every(isNftName)) return [];
  return readChain(machine, netns, { family: Number(family), table, chain, handle });
}

/**
 * Looks rules up, each chain read once. A handle that is not in what was read has come since: the chain is read again.
 * One of these serves one diagnosis: places in a chain change when somebody else inserts a rule.
 * Undefined when the rule is gone or may not be listed.
 */
export function ruleLookUp(
  machine: Machine,
): (netns: Netns | null, named: Named) => Promise<Rule | undefined> {
  const chains = new Map<string, Promise<readonly Rule[]>>();
  const find = (rules: readonly Rule[], { handle }: Named): Rule | undefined =>
    rules.find((rule) => (handle === null ? rule.number === null : rule.handle === handle));
  return async (netns, named) => {
    if (![named.table, named.chain].every(isNftName)) return unshown(named);
    const key = [netns?.inode ?? 0, named.family, named.table, named.chain].join('/');
    const read = () => {
      const reading = readChain(machine, netns, named);
      chains.set(key, reading);
      return reading;
    };
    const earlier = chains.get(key);
    const found = earlier && find(await earlier, named);
    const rule = found ?? find(await read(), named);
    return rule && withOwner({ rule, packets: null, bytes: null }).rule;
  };
}
