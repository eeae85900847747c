/** iptables rules as steps: looked for with -C, written with -I or -A, taken back with -D. */

import { installLine } from '../host/installing.ts';
import { impossible, notSo, type Pair, type Standing, so } from './verb.ts';
import type { World } from './world.ts';

export interface IptablesRule {
  readonly table: string;
  readonly chain: string;
  readonly rule: readonly string[];
  /** Before or behind what is in the chain. */
  readonly at: 'first' | 'last';
}

const call = (verb: string, { table, chain, rule }: IptablesRule): readonly ['iptables', ...string[]] => [
  'iptables',
  ...(table === 'filter' ? [] : ['-t', table]),
  verb,
  chain,
  ...rule,
];

/** Is each of the rules there? */
export async function checkRules(rules: readonly IptablesRule[], world: World): Promise<Standing> {
  for (const rule of rules) {
    const answer = await world.look(undefined, call('-C', rule));
    if (!answer.known)
      return impossible(`iptables cannot be asked: ${answer.detail}.`, installLine('iptables'));
    const { code, stderr } = answer.value;
    // iptables(8): 1 where there is no such rule, others where it could not look.
    if (code === 1) return notSo(`the rule is not there: ${call('-A', rule).join(' ')}`);
    if (code !== 0) return notSo(stderr.trim() || `iptables ends with ${code}`);
  }
  return so(rules.length === 1 ? 'the rule is there' : 'the rules are there');
}

/** The commands for those of the rules that are missing. */
export async function writeRules(rules: readonly IptablesRule[], world: World): Promise<readonly Pair[]> {
  const pairs: Pair[] = [];
  for (const rule of rules) {
    if ((await checkRules([rule], world)).is === 'so') continue;
    pairs.push({
      apply: world.change(undefined, call(rule.at === 'first' ? '-I' : '-A', rule)),
      undo: world.change(undefined, call('-D', rule)),
    });
  }
  return pairs;
}

/** Docker leaves DOCKER-USER to the administrator and walks it before its own rules; elsewhere FORWARD itself. */
export async function forwardChain(world: World): Promise<string> {
  const answer = await world.look(undefined, ['iptables', '-S', 'DOCKER-USER']);
  return answer.known && answer.value.code === 0 ? 'DOCKER-USER' : 'FORWARD';
}
