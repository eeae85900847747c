/** Every firewall rule of a namespace, each listed once, by the tool it was written with. */

import { ask, askFirst } from '../../host/ask.ts';
import type { Machine } from '../../host/machine.ts';
import { type Answer, known, mapAnswer, type NotKnown, notKnown } from '../../model/answer.ts';
import { command, commandLine, type Netns } from '../../model/netns.ts';
import { isNftName } from '../../words/arguments/nft.ts';
import { withOwner } from '../owners.ts';
import type { Counted } from './counted.ts';
import { type NftTable, parseNft } from './nft-text.ts';
import { parseSave, type Saved } from './save-text.ts';
import { tablesOf } from './told-chains.ts';
import { TOOLS, type Tool, toolFor } from './tools.ts';

/** Where the kernel names the old tables that a namespace has. */
export const LEGACY = [
  { family: 'ip', names: '/proc/net/ip_tables_names', program: 'iptables' },
  { family: 'ip6', names: '/proc/net/ip6_tables_names', program: 'ip6tables' },
] as const;

/** Tables of netdoctor's own stand for moments and are nobody's firewall. */
const OWN = /^netdoctor/;

interface Shown extends Pick<Saved, 'incompatible'> {
  /** The rules of a table, by its name. */
  of(table: string): readonly Counted[];
}

/** What the tables' own tool shows; null where it is missing, or is the legacy variant, which does not see them. */
async function save(machine: Machine, tool: Tool, netns: Netns | null): Promise<Shown | null> {
  const [first, second] = tool.programs;
  const answer = await askFirst(
    machine,
    [
      [first, '-c'],
      [second, '-c'],
    ],
    netns,
  );
  if (!answer.known) return null;
  const { nft, counted, incompatible } = parseSave(answer.value, tool.engine, tool.family);
  if (!nft) return null;
  const tables = new Map<string, Counted[]>();
  for (const one of counted) {
    const rules = tables.get(one.rule.table);
    if (rules) rules.push(one);
    else tables.set(one.rule.table, [one]);
  }
  return { incompatible, of: (table) => tables.get(table) ?? [] };
}

/** What of a table nft must show: chains that the table's own tool did not, or all of it where it gave up. */
function remainder(table: NftTable, saved: Shown | null): (chain: string) => boolean {
  if (!saved) return () => true;
  const shown = new Set(saved.of(table.name).map(({ rule }) => rule.chain));
  const names = new Set(table.chains.map((chain) => chain.name));
  const whole = ![...shown].some((chain) => names.has(chain));
  return (chain) => whole || !shown.has(chain);
}

/** Every table that has a chain. `list chains` fetches no rules, `list tables` (1.0.6) fetches all of them. */
async function tablesIn(machine: Machine, netns: Netns | null): Promise<Answer<readonly NftTable[]>> {
  const told = machine.kernelTells('chains', netns, null);
  if (told.known) return mapAnswer(told, tablesOf);
  const chains = await ask(machine, ['nft', '-a', 'list', 'chains'], netns);
  return mapAnswer(chains, (text) => parseNft(text).tables);
}

async function nftTables(machine: Machine, netns: Netns | null): Promise<Answer<readonly Counted[]>> {
  const chains = await tablesIn(machine, netns);
  if (!chains.known) return chains;
  const tables = chains.value.filter((table) => !OWN.test(table.name));
  const tools = TOOLS.filter((tool) => tables.some((table) => toolFor(table.family, table.name) === tool));
  const saves = new Map(
    await Promise.all(tools.map(async (tool) => [tool, await save(machine, tool, netns)] as const)),
  );
  let failure: NotKnown | null = null;
  const listed = await Promise.all(
    tables.map(async (table) => {
      const tool = toolFor(table.family, table.name);
      const saved = tool ? saves.get(tool)! : null;
      const names = new Set(table.chains.map(({ name }) => name));
      const byTool = saved?.of(table.name).filter(({ rule }) => names.has(rule.chain));
      if (saved && !saved.incompatible.includes(table.name)) return byTool ?? [];
      if (!isNftName(table.name)) {
        failure = notKnown('unreadable', 'a table has a name that nft cannot be given', chains.source);
        return [];
      }
      const text = await ask(machine, ['nft', '-a', '-t', 'list', 'table', table.family, table.name], netns);
      if (!text.known) {
        failure = text;
        return [];
      }
      const wanted = remainder(table, saved);
      return [...(byTool ?? []), ...parseNft(text.value).counted.filter(({ rule }) => wanted(rule.chain))];
    }),
  );
  return failure ?? known(listed.flat(), chains.source);
}

/** Legacy tables, if the kernel has any: their names are read first, since `iptables-legacy -S` would create them. */
export async function listLegacy(machine: Machine, netns: Netns | null): Promise<Answer<readonly Counted[]>> {
  const answers = await Promise.all(
    LEGACY.map(async ({ family, names, program }): Promise<Answer<readonly Counted[]>> => {
      const loaded = machine.read(names, netns);
      if (!loaded.known && loaded.because !== 'vanished') return loaded;
      if (!loaded.known || loaded.value.trim() === '') return known([], loaded.source);
      const answer = await askFirst(
        machine,
        [
          [`${program}-legacy-save`, '-c'],
          [`${program}-save`, '-c'],
        ],
        netns,
      );
      if (!answer.known) return answer;
      const saved = parseSave(answer.value, 'iptables-legacy', family);
      if (!saved.nft) return known(saved.counted, answer.source);
      return notKnown('no-such-tool', `${program}-legacy-save is not installed`, answer.source);
    }),
  );
  const failed = answers.find((answer) => !answer.known);
  if (failed && !failed.known) return failed;
  return known(
    answers.flatMap((answer) => (answer.known ? answer.value : [])),
    answers[0]!.source,
  );
}

/**
 * Rules with their counters and owners: nf_tables (each table by iptables, ebtables, arptables or nft itself, whoever
 * wrote it) and legacy iptables. Not known when any part of it could not be listed: half a firewall is none.
 */
export async function listRules(machine: Machine, netns: Netns | null): Promise<Answer<readonly Counted[]>> {
  const [nft, legacy] = await Promise.all([nftTables(machine, netns), listLegacy(machine, netns)]);
  if (!legacy.known) return legacy;
  if (!nft.known) {
    // A host without nft has its rules in the legacy tables, if it has any.
    if (nft.because !== 'no-such-tool' || legacy.value.length === 0) return nft;
    return known(legacy.value.map(withOwner), legacy.source);
  }
  return known(
    [...nft.value, ...legacy.value].map(withOwner),
    commandLine(command(['nft', '-a', 'list', 'ruleset'], netns)),
  );
}
