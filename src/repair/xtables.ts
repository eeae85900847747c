/** Chains of iptables, ip6tables, ebtables and arptables, through nf_tables or legacy. */
import { saysItself } from '../kernel/rule-words.ts';
import { type Answer, known, mapAnswer, notKnown } from '../model/answer.ts';
import { ask, askIfAny } from './ask.ts';
import { lines, listing, type State } from './state.ts';
import type { Look } from './subject.ts';

export interface Chain {
  /** The program as the change called it. */
  readonly tool: string;
  readonly table: string;
  readonly chain: string;
}

const FAMILY: readonly (readonly [RegExp, string])[] = [
  [/^ip6tables/, 'ip6'],
  [/^iptables/, 'ip'],
  [/^ebtables/, 'bridge'],
  [/^arptables/, 'arp'],
];

/** The nf_tables family a tool's rules live in. */
export const familyOf = (tool: string): string => FAMILY.find(([pattern]) => pattern.test(tool))?.[1] ?? 'ip';

/** `iptables-legacy-save` for `iptables-legacy`. It lists without creating tables, as `-S` of the legacy tool would. */
const saver = (tool: string): string => `${tool}-save`;

/** Counters, comments and the date of a saved listing are not its state. */
const rule = (line: string): string => line.replace(/^\[\d+:\d+\] /, '');

/** Every line of a table, or a rule of it is broken over lines by what somebody wrote into a comment. */
const understood = (line: string): boolean =>
  /^($|[*#:]|COMMIT$)/.test(line) || (/^(\[\d+:\d+\] )?-A /.test(line) && saysItself(line));

function chainState(saved: string, { chain }: Chain): State {
  const all = lines(saved);
  const header = all.find((line) => line.startsWith(`:${chain} `));
  if (header === undefined) return { chain: 'absent' };
  return {
    chain: 'present',
    policy: header.split(' ')[1] ?? '-',
    rules: listing(all.map(rule).filter((line) => line.startsWith(`-A ${chain} `))),
  };
}

/**
 * The chain's rules in order, its policy, and, where nf_tables holds them, whether chain and table are there at all:
 * iptables-nft makes base chains as it needs them, and they must not be left behind.
 */
export async function readChain(look: Look, chain: Chain): Promise<Answer<State>> {
  const ebtables = /^(eb|arp)tables/.test(chain.tool);
  const saved = await ask(look, [saver(chain.tool), ...(ebtables ? [] : ['-t', chain.table])]);
  if (saved.known && !section(saved.value, chain.table).split('\n').every(understood))
    return notKnown('unreadable', 'it holds a rule that cannot be written again in words', saved.source);
  // Tables that nft wrote with words iptables does not know: listing refuses, and so would a change.
  const state = mapAnswer(saved, (text) => chainState(section(text, chain.table), chain));
  if (!state.known || /-legacy$/.test(chain.tool)) return state;
  const nft = await askIfAny(look, ['nft', '-s', 'list', 'table', familyOf(chain.tool), chain.table]);
  if (!nft.known) return state;
  const chains =
    nft.value === null ? [] : [...nft.value.matchAll(/^\tchain (\S+) \{/gm)].map((match) => match[1] ?? '');
  const made = {
    'nft table': nft.value === null ? 'absent' : 'present',
    'nft chain': chains.includes(chain.chain) ? 'present' : 'absent',
  };
  // What iptables-nft lists for a chain that it would only make.
  const shown = made['nft chain'] === 'absent' ? { ...state.value, chain: 'absent', rules: '' } : state.value;
  return known({ ...shown, ...made, '?chains': listing(chains) }, saved.source);
}

/** ebtables-save and arptables-save print every table. */
function section(text: string, table: string): string {
  const from = text.indexOf(`*${table}\n`);
  if (from < 0) return '';
  const to = text.indexOf('\n*', from + 1);
  return to < 0 ? text.slice(from) : text.slice(from, to);
}
