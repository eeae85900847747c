/** ufw's *.rules and iptables-persistent's rules.v4: a rule goes before the COMMIT of its table. */
import type { Merge } from '../merge.ts';

interface Wish {
  readonly table: string;
  readonly rule: string;
}

/** The fragment is a small iptables-save: `*nat`, rules, `COMMIT`. */
function wishesOf(fragment: string): Wish[] {
  let table = 'filter';
  return fragment.split('\n').flatMap((line) => {
    if (line.startsWith('*')) table = line.slice(1).trim();
    return line.startsWith('-') ? [{ table, rule: line }] : [];
  });
}

function withRule(text: string, { table, rule }: Wish): string {
  const list = text.split('\n');
  const start = list.indexOf(`*${table}`);
  if (start < 0) return `${text.replace(/\n*$/, '\n')}*${table}\n${rule}\nCOMMIT\n`;
  const end = list.indexOf('COMMIT', start);
  if (end < 0) throw new Error(`its table ${table} has no COMMIT`);
  if (list.slice(start, end).includes(rule)) return text;
  const chain = rule.split(' ')[1];
  const first = list.findIndex(
    (line, index) => index > start && index < end && line.startsWith(`-A ${chain} `),
  );
  const at = rule.startsWith('-I ') && first >= 0 ? first : end;
  list.splice(at, 0, rule.replace(/^-I (\S+)( \d+)?/, '-A $1'));
  return list.join('\n');
}

export default {
  matches: (file) => /\/ufw\/[^/]+\.rules$|\/iptables\/rules\.v[46]$/.test(file),
  merge: (before, fragment) => wishesOf(fragment).reduce(withRule, before),
} satisfies Merge as Merge;
