/** nf_tables objects, as nft lists them without counters. */
import { type Answer, mapAnswer, notKnown } from '../model/answer.ts';
import { ask, askIfAny } from './ask.ts';
import { listing, type State } from './state.ts';
import type { Look } from './subject.ts';

export interface Target {
  readonly kind: 'table' | 'chain' | 'set';
  readonly family: string;
  readonly table: string;
  readonly name: string;
}

const FAMILIES = ['ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev'];
const OBJECTS = ['rule', 'chain', 'table', 'element', 'set', 'map'];

/** What `nft add|insert|delete|replace|flush … ` names; null for what changes nothing or everything. */
export function targetOf(argv: readonly string[]): Target | null {
  const text = argv.slice(1).join(' ');
  const words = text
    .replace(/([{};])/g, ' $1 ')
    .split(/\s+/)
    .filter((word) => word !== '' && !/^-/.test(word));
  const verb = /^(add|insert|create|delete|destroy|replace|flush)$/.test(words[0] ?? '') ? words[0] : 'add';
  const rest = verb === words[0] ? words.slice(1) : words;
  const object = rest[0] ?? '';
  if (!OBJECTS.includes(object)) return null;
  const named = FAMILIES.includes(rest[1] ?? '') ? rest.slice(1) : ['ip', ...rest.slice(1)];
  const [family = 'ip', table, name] = named;
  if (table === undefined) return null;
  if (object === 'table') return { kind: 'table', family, table, name: table };
  if (name === undefined) return null;
  // A chain that is added or deleted must take its place in the table's order again.
  const kind = object === 'rule' || object === 'chain' ? 'chain' : 'set';
  return { kind, family, table, name };
}

/** A rule of a chain's listing, without its handle, and with it for deleting. */
export const ruleRows = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => /^\t\t\S/.test(line) && !/^\t\t(type \w+ hook|comment )/.test(line))
    .map((line) => line.trim());

const header = (text: string): string => /^\t\t(type .*)$/m.exec(text)?.[1]?.trim() ?? '';

/**
 * Would nft read its own listing back as it is? A comment or a prefix may hold quotes, which the listing does not
 * escape; JSON does (libnftables-json(5)). A listing without quotes needs no such question.
 */
async function readsBack(look: Look, listed: string, where: readonly string[]): Promise<boolean> {
  if (!listed.includes('"')) return true;
  const told = await ask(look, ['nft', '-j', 'list', ...where]);
  if (!told.known) return false;
  let clean = true;
  JSON.parse(told.value, (_, value) => {
    if (typeof value === 'string' && /["\u0000-\u001f\u007f]/.test(value)) clean = false;
    return value;
  });
  return clean;
}

/**
 * A chain by its header and its rules, with the rules' handles noted; a table or set as its whole listing, which
 * `nft -f` takes back.
 */
export async function readTarget(look: Look, { kind, family, table, name }: Target): Promise<Answer<State>> {
  const where = kind === 'table' ? [family, table] : [family, table, name];
  const listed = await askIfAny(look, ['nft', '-s', 'list', kind, ...where]);
  if (listed.known && listed.value !== null && !(await readsBack(look, listed.value, [kind, ...where])))
    return notKnown('unreadable', 'it holds a name or a comment that nft would not read back', listed.source);
  if (kind !== 'chain')
    return mapAnswer(
      listed,
      (text): State =>
        text === null ? { [kind]: 'absent' } : { [kind]: 'present', listing: text.trimEnd() },
    );
  const handles = await askIfAny(look, ['nft', '-s', '-a', 'list', 'chain', ...where]);
  return mapAnswer(listed, (text): State => {
    if (text === null) return { chain: 'absent' };
    const numbered = handles.known && handles.value !== null ? ruleRows(handles.value) : [];
    return {
      chain: 'present',
      type: header(text),
      rules: listing(ruleRows(text)),
      '?handles': listing(numbered.map((row) => /# handle (\d+)$/.exec(row)?.[1] ?? '')),
    };
  });
}
