/**
 * What nft would make of an argument list. It joins the words and parses them as commands (nft(8), scanner.l and
 * parser_bison.y), so a stranger's chain called `c; add table …` is a command as soon as it stands there.
 */

/** Is this name one that nft reads as a name? The kernel takes any bytes. */
export const isNftName = (name: string): boolean => /^[A-Za-z_][\w/.-]*$/.test(name);

/** Options that neither open a file nor change what is read. */
const OPTION = /^(-[acsntjyNi]+|--(handle|check|stateless|terse|json|interactive|version))$/;
const VERB = /^(add|insert|create|delete|destroy|replace|flush|list|get|reset|monitor)$/;
const OBJECT =
  /^(table|chain|rule|element|set|map|ruleset|tables|chains|sets|maps|trace|counters?|quotas?|flowtables?)$/;
const FAMILY = /^(ip|ip6|inet|arp|bridge|netdev)$/;
/** Words that open a file or change the meaning of others, wherever they stand, in braces too. */
const NEVER = /(?<![\w/.-])(include|define|undefine|redefine)(?![\w/.-])/;

/** Tabs and line breaks stand in nft's own listings of tables and sets. */
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f]/;

interface Read {
  /** Commands, each as its words outside braces. */
  readonly statements: readonly (readonly string[])[];
  readonly words: readonly string[];
}

/** Commands are parted by `;` and line breaks outside braces; a string has no escapes. Null: it does not go together. */
function read(text: string): Read | null {
  const statements: string[][] = [[]];
  const words: string[] = [];
  let depth = 0;
  for (const [token] of text.matchAll(/"[^"]*"|[{};\n"#\\$]|[^\s{};"#\\$]+/g)) {
    if (/^["#\\$]$/.test(token)) return null;
    if (token === '{') depth++;
    else if (token === '}') {
      if (--depth < 0) return null;
    } else if (token === ';' || token === '\n') {
      if (depth === 0) statements.push([]);
    } else {
      words.push(token);
      if (depth === 0) statements.at(-1)!.push(token);
    }
  }
  return depth === 0 ? { statements: statements.filter((one) => one.length > 0), words } : null;
}

/** `inet filter`, which a command speaks of; null where it names no table. */
function tableOf(statement: readonly string[]): string | null {
  const [, ...rest] = VERB.test(statement[0] ?? '') ? statement : ['', ...statement];
  const [family, table] = FAMILY.test(rest[1] ?? '') ? [rest[1], rest[2]] : ['ip', rest[1]];
  return table === undefined ? null : `${family} ${table}`;
}

/** Why nft must not be given these words; null where it reads in them what was meant. */
export function nftRefusal(args: readonly string[]): string | null {
  const start = args.findIndex((word) => !word.startsWith('-'));
  const options = start < 0 ? args : args.slice(0, start);
  const rest = start < 0 ? [] : args.slice(start);
  const odd = options.find((word) => !OPTION.test(word)) ?? rest.find((word) => /^-[^\d]/.test(word));
  if (odd !== undefined) return 'a word of it is an option';
  if (rest.length === 0) return null;
  if (rest.some((word) => CONTROL.test(word))) return 'a word of it holds a control character';
  const text = read(rest.join(' '));
  if (text === null) return 'its quotes or braces do not go together';
  if (text.words.some((word) => NEVER.test(word))) return 'a word of it reads a file';
  for (const [first = '', second = ''] of text.statements)
    if (!(VERB.test(first) ? OBJECT.test(second) : OBJECT.test(first))) return 'it holds another command';
  const tables = new Set(text.statements.map(tableOf));
  return text.statements.length > 1 && (tables.size > 1 || tables.has(null))
    ? 'it holds another command'
    : null;
}
