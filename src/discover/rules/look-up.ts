/** From the kernel's name of a rule (table, chain, handle) to the rule as its owner would list it. */

import { ask, askFirst } from '../../host/ask.ts';
import type { ChainTold, Machine } from '../../host/machine.ts';
import { type Answer, mapAnswer } from '../../model/answer.ts';
import type { Rule } from '../../model/evidence.ts';
import type { Command, Netns } from '../../model/netns.ts';
import { isNftName } from '../../words/arguments/nft.ts';
import { withOwner } from '../owners.ts';
import { parseNft } from './nft-text.ts';
import { parseSave } from './save-text.ts';
import { FAMILIES, familyOf } from './told-chains.ts';
import { type Tool, toolFor } from './tools.ts';

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
  choices: readonly Command['argv'][],
  tool: Tool,
  { netns, table, chain }: Where,
): Promise<Answer<readonly Rule[]>> {
  const answer = await askFirst(machine, choices, netns);
  return mapAnswer(answer, (text) => {
    const single = !/^\*/m.test(text);
    const { counted, nft } = parseSave(single ? asSaved(text, table) : text, tool.engine, tool.family);
    if (!single && !nft) throw new Error('the legacy variant does not see this table');
    return counted.map(({ rule }) => rule).filter((rule) => rule.table === table && rule.chain === chain);
  });
}

/** Where a chain stands. */
interface Where {
  readonly netns: Netns | null;
  readonly table: string;
  readonly chain: string;
}

/** More rules than these are not read to find those of a few chains. */
const MANY = 2000;

/**
 * Every table of the tool in one go, which the list of all rules reads as well; where there are many, and most of them in
 * other chains, the chain alone.
 */
function choicesFor(
  tool: Tool,
  chains: readonly ChainTold[],
  { rules: own }: ChainTold,
  { table, chain }: Where,
): Command['argv'][] {
  const inTables = chains.filter((one) => toolFor(familyOf(one.family), one.table) === tool);
  const all = inTables.reduce((sum, { rules }) => sum + rules, 0);
  const whole = tool.programs.map((program): Command['argv'] => [program, '-c']);
  return tool.chain && all > MANY && own < all / 2 ? [[tool.chain, '-t', table, '-S', chain]] : whole;
}

/** The chain that is named, and all there are, as far as the kernel tells of them. */
function toldOf(
  machine: Machine,
  netns: Netns | null,
  { family, table, chain }: Omit<Named, 'handle'>,
): { readonly chains: readonly ChainTold[]; readonly told: ChainTold | undefined } {
  const answer = machine.kernelTells('chains', netns, null);
  const chains = answer.known ? answer.value : [];
  const told = chains.find((one) => one.family === family && one.table === table && one.name === chain);
  return { chains, told };
}

/**
 * The chain as its tool alone shows it: the kernel tells the handles and the hook. Null where the tool does not show what the
 * kernel has: nft wrote into the chain, or into the table, what it leaves out.
 */
async function byToolAlone(
  machine: Machine,
  tool: Tool,
  netns: Netns | null,
  { family, table, chain }: Named,
): Promise<readonly Rule[] | null> {
  const { chains, told } = toldOf(machine, netns, { family, table, chain });
  if (!told) return null;
  const where = { netns, table, chain };
  const own = await inOwnWords(machine, choicesFor(tool, chains, told, where), tool, where);
  const handles = machine.kernelTells('handles', netns, { family, table, chain });
  if (!own.known || !handles.known) return null;
  const policies = own.value.filter(({ number }) => number === null);
  const isWhole = own.value.length - policies.length === handles.value.length;
  if (!isWhole || policies.length !== (told.hook === null ? 0 : 1)) return null;
  return own.value.map((rule) =>
    placed(rule, rule.number === null ? null : handles.value[rule.number - 1]!, told.hook),
  );
}

/** Spelled out: a spread makes each of fifty thousand objects ten times as dear. */
const placed = (
  { engine, family, table, chain, number, text, verdict, owner }: Rule,
  handle: number | null,
  hook: string | null,
): Rule => ({ engine, family, table, chain, hook, number, handle, text, verdict, owner });

/** `iptables -S CHAIN` as iptables-save would print it. */
const asSaved = (listing: string, table: string): string =>
  `*${table}\n${listing.replace(/^-P (\S+) (\S+)$/m, ':$1 $2')}`;

/**
 * What stands for a rule whose table or chain has a name that nft cannot be given: by raw netlink the kernel takes any
 * bytes, and nft would parse them as commands. Number 0: a rule, and nobody can say which.
 */
const unshown = ({ family, table, chain, handle }: Named): Rule => ({
  engine: 'nft',
  family: familyOf(family),
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
  const family = familyOf(named.family);
  const { table, chain } = named;
  const tool = toolFor(family, table);
  const alone = tool ? await byToolAlone(machine, tool, netns, named) : null;
  if (alone) return alone;
  const where = { netns, table, chain };
  // nft fetches the rules of this chain only (since 1.0.1), and so does `iptables -S CHAIN`.
  const [listed, own] = await Promise.all([
    ask(machine, ['nft', '-a', 'list', 'chain', family, table, chain], netns),
    tool ? inOwnWords(machine, oneByOne(tool, where), tool, where) : null,
  ]);
  if (!listed.known) return [];
  const byNft = parseNft(listed.value)
    .counted.map(({ rule }) => rule)
    .filter((rule) => rule.table === table && rule.chain === chain && rule.family === family);
  if (!own?.known) return byNft;
  const numbered = (rules: readonly Rule[]) => rules.filter((rule) => rule.number !== null);
  const byTool = numbered(own.value);
  // Where nft wrote into the chain what the tool leaves out, the two lists do not go together.
  if (byTool.length !== numbered(byNft).length) return byNft;
  const same = new Map(own.value.map((rule) => [rule.number, rule]));
  return byNft.map((rule) => placed(same.get(rule.number) ?? rule, rule.handle, rule.hook));
}

/** The chain alone where the tool can, else its table, else everything. */
const oneByOne = (tool: Tool, { table, chain }: Where): Command['argv'][] => [
  ...(tool.chain ? [[tool.chain, '-t', table, '-S', chain] as const] : []),
  ...tool.programs.map((program): Command['argv'] => (tool.chain ? [program, '-t', table] : [program])),
];

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

/** Is it a chain that others jump to, as far as the kernel tells? It has no policy, and is not read for one. */
const isCalled = (machine: Machine, netns: Netns | null, named: Named): boolean =>
  toldOf(machine, netns, named).told?.hook === null;

/**
 * Looks rules up, each chain read once, by `once` where that is given: its answers may be older. A handle that is not in what
 * was read has come since: the chain is read again.
 * One of these serves one diagnosis: places in a chain change when somebody else inserts a rule.
 * Undefined when the rule is gone or may not be listed.
 */
export function ruleLookUp(
  machine: Machine,
  once = machine,
): (netns: Netns | null, named: Named) => Promise<Rule | undefined> {
  const chains = new Map<string, Promise<readonly Rule[]>>();
  const find = (rules: readonly Rule[], { handle }: Named): Rule | undefined =>
    rules.find((rule) => (handle === null ? rule.number === null : rule.handle === handle));
  return async (netns, named) => {
    if (![named.table, named.chain].every(isNftName)) return unshown(named);
    if (named.handle === null && isCalled(once, netns, named)) return undefined;
    const key = [netns?.inode ?? 0, named.family, named.table, named.chain].join('/');
    const read = (of: Machine) => {
      const reading = readChain(of, netns, named);
      chains.set(key, reading);
      return reading;
    };
    const earlier = chains.get(key);
    const found = find(await (earlier ?? read(once)), named);
    // A chain that is jumped to has no policy, and gets none.
    const rule = found ?? (named.handle === null ? undefined : find(await read(machine), named));
    return rule && withOwner({ rule, packets: null, bytes: null }).rule;
  };
}
