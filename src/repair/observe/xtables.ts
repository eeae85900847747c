/** `iptables -t T -A|-I|-D|-R|-P|-N|-X CHAIN …` and its kin. */

import { words } from '../../kernel/rule-words.ts';
import type { Change } from '../../model/fix.ts';
import { run } from '../../model/fix.ts';
import { edits } from '../edits.ts';
import { after } from '../ip-words.ts';
import { listing, rows, type State } from '../state.ts';
import type { Argv, Observe } from '../subject.ts';
import { type Chain, familyOf, readChain } from '../xtables.ts';

const TOOL = /^(ip6?|eb|arp)tables(-legacy|-nft)?$/;
const VERBS: Readonly<Record<string, string>> = {
  '--append': '-A',
  '--insert': '-I',
  '--delete': '-D',
  '--replace': '-R',
  '--policy': '-P',
  '--new-chain': '-N',
  '--delete-chain': '-X',
  '--flush': '-F',
};
const SHORT = new Set(Object.values(VERBS));

interface Call extends Chain {
  readonly verb: string;
  readonly rest: readonly string[];
}

function callOf(argv: Argv): Call | null {
  if (!TOOL.test(argv[0])) return null;
  const at = argv.findIndex((word) => SHORT.has(word) || word in VERBS);
  const chain = argv[at + 1];
  if (at < 0 || chain === undefined) return null;
  const verb = VERBS[argv[at] ?? ''] ?? argv[at] ?? '';
  const table = after(argv, '-t') ?? after(argv, '--table') ?? 'filter';
  return { tool: argv[0], table, chain, verb, rest: argv.slice(at + 2) };
}

/** Deleting by number and setting a policy can be foretold to the letter; how a new rule is listed cannot. */
function expected(call: Call, before: State): State | null {
  if (call.verb === '-P') return { policy: call.rest[0] ?? '' };
  const number = Number(call.rest[0]);
  if (call.verb === '-D' && call.rest.length === 1 && number > 0)
    return { rules: listing(rows(before.rules).filter((_, index) => index !== number - 1)) };
  return null;
}

function restore({ tool, table, chain }: Chain, now: State, wanted: State): Change[] {
  const call = (...rest: string[]) => run([tool, '-t', table, ...rest]);
  if (now.chain === 'absent' && wanted.chain === 'present' && wanted.policy === '-')
    return [call('-N', chain)];
  const made = edits(rows(now.rules), rows(wanted.rules)).map((edit) =>
    'remove' in edit
      ? call('-D', chain, String(edit.at + 1))
      : call('-I', chain, ...place(tool, edit.at), ...words(edit.insert).slice(2)),
  );
  if (made.length > 0) return made;
  if (wanted.policy && wanted.policy !== '-' && now.policy !== wanted.policy && now['nft chain'] !== 'absent')
    return [call('-P', chain, wanted.policy)];
  if (now.chain === 'present' && wanted.chain === 'absent' && now.policy === '-') return [call('-X', chain)];
  return leftovers({ tool, table, chain }, now, wanted);
}

/** ebtables and arptables take a number too; the first place is what `-I` means without one. */
const place = (tool: string, at: number): string[] => (at === 0 && !/^ip/.test(tool) ? [] : [String(at + 1)]);

/** The empty base chain, and the empty table, that iptables-nft made for the change. */
function leftovers({ tool, table, chain }: Chain, now: State, wanted: State): Change[] {
  const where = [familyOf(tool), table] as const;
  if (wanted['nft chain'] === 'absent' && now['nft chain'] === 'present')
    return [run(['nft', 'delete', 'chain', ...where, chain])];
  if (wanted['nft table'] === 'absent' && now['nft table'] === 'present' && rows(now['?chains']).length === 0)
    return [run(['nft', 'delete', 'table', ...where])];
  return [];
}

export default ((argv) => {
  const call = callOf(argv);
  if (call === null) return null;
  return {
    what: `chain ${call.chain} of ${call.tool} table ${call.table}`,
    shared: true,
    read: (look) => readChain(look, call),
    expected: (before) => expected(call, before),
    restore: (now, wanted) => restore(call, now, wanted),
  };
}) satisfies Observe as Observe;
