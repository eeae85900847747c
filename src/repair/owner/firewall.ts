/** iptables rules of the host: firewalld's direct.xml, ufw's before.rules or iptables-persistent's rules.v4. */
import type { Machine } from '../../host/machine.ts';
import type { Change } from '../../model/fix.ts';
import { quote } from '../../words/text.ts';
import type { FileChange } from '../file.ts';
import { after } from '../ip-words.ts';
import type { Owner } from '../owner.ts';

interface NewRule {
  readonly six: boolean;
  readonly table: string;
  readonly chain: string;
  readonly first: boolean;
  readonly words: readonly string[];
}

function ruleOf(change: Change): NewRule | null {
  if ('file' in change || change.run.in) return null;
  const { argv } = change.run;
  if (!/^ip6?tables(-nft)?$/.test(argv[0])) return null;
  const at = argv.findIndex((word) => word === '-A' || word === '-I');
  const chain = argv[at + 1];
  if (at < 0 || chain === undefined) return null;
  const rest = argv.slice(at + 2);
  const words = /^\d+$/.test(rest[0] ?? '') ? rest.slice(1) : rest;
  return {
    six: argv[0].startsWith('ip6'),
    table: after(argv, '-t') ?? 'filter',
    chain,
    first: argv[at] === '-I',
    words,
  };
}

const there = (machine: Machine, file: string): boolean => machine.read(file).known;
const xml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

function firewalld(rule: NewRule, machine: Machine): FileChange[] | null {
  if (!there(machine, '/etc/firewalld/firewalld.conf') || !machine.list('/run/firewalld').known) return null;
  const spec = rule.words.map(quote).join(' ');
  const line = `  <rule priority="${rule.first ? 0 : 10}" table="${xml(rule.table)}" ipv="${rule.six ? 'ipv6' : 'ipv4'}" chain="${xml(rule.chain)}">${xml(spec)}</rule>`;
  const text = `<?xml version="1.0" encoding="utf-8"?>\n<direct>\n${line}\n</direct>\n`;
  return [{ file: '/etc/firewalld/direct.xml', before: null, after: text, mode: '0644' }];
}

const saved = ({ table, first, chain, words }: NewRule): string =>
  `*${table}\n${first ? '-I' : '-A'} ${chain} ${words.map(quote).join(' ')}\nCOMMIT\n`;

function ufw(rule: NewRule, machine: Machine): FileChange[] | null {
  const conf = machine.read('/etc/ufw/ufw.conf');
  if (!conf.known || !/^ENABLED=yes/im.test(conf.value)) return null;
  const file = `/etc/ufw/${rule.six ? 'before6' : 'before'}.rules`;
  return [{ file, before: null, after: saved(rule), mode: '0640' }];
}

function persistent(rule: NewRule, machine: Machine): FileChange[] | null {
  const file = `/etc/iptables/rules.${rule.six ? 'v6' : 'v4'}`;
  return there(machine, file) ? [{ file, before: null, after: saved(rule), mode: '0640' }] : null;
}

export default ((change, machine) => {
  const rule = ruleOf(change);
  return rule && (firewalld(rule, machine) ?? ufw(rule, machine) ?? persistent(rule, machine));
}) satisfies Owner as Owner;
