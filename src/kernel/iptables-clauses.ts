/** An `iptables -S` line taken apart (iptables(8), iptables-extensions(8)). */
import type { Clause, Clauses, Counting, Subject } from './clause.ts';
import { words } from './rule-words.ts';

const SUBJECT: Readonly<Record<string, Subject>> = {
  '-s': 'source',
  '-d': 'destination',
  '-i': 'in',
  '-o': 'out',
  '-p': 'proto',
  '--sport': 'sport',
  '--sports': 'sport',
  '--dport': 'dport',
  '--dports': 'dport',
  '--ctstate': 'state',
  '--state': 'state',
  '--mark': 'mark',
  '--length': 'length',
  '--uid-owner': 'user',
  '--gid-owner': 'group',
  '--src-type': 'source-type',
  '--dst-type': 'destination-type',
  '--icmp-type': 'icmp-type',
  '--icmpv6-type': 'icmp-type',
};

const ARGUMENT = /^--(to-destination|to-source|to-ports|to|on-port|queue-num|queue-balance|reject-with)$/;

/** Options of the match that compares the way back: iptables-extensions(8). */
const RPFILTER = /^--(invert|loose|validmark|accept-local)$/;

const WAYS = ['original', 'reply', 'both'] as const;
const UNITS = { bytes: 'bytes', packets: 'packets', avgpkt: 'average' } as const;

/** `--connbytes-dir reply`, `--connbytes-mode packets`. */
function counted(of: Counting, word = ''): Counting {
  const way = WAYS.find((one) => one === word);
  const unit = UNITS[word as keyof typeof UNITS];
  return { way: way ?? of.way, unit: unit ?? of.unit };
}

export function iptablesClauses(text: string): Clauses {
  const all = words(text);
  const asks: Clause[] = [];
  const options: string[] = [];
  let target: string | null = null;
  let argument: string | null = null;
  let not = false;
  for (let index = all[0] === '-A' ? 2 : 0; index < all.length; index++) {
    const word = all[index] as string;
    const value = all[index + 1];
    if (word === '!') {
      not = true;
      continue;
    }
    if (target !== null) {
      if (ARGUMENT.test(word)) argument = all[++index] ?? null;
      else options.push(word.replace(/^--(queue-)?/, ''));
    } else if (word === '-j' || word === '-g') {
      target = value ?? null;
      index++;
    } else if (word === '--match-set' && value !== undefined) {
      asks.push({ on: 'tuple', not, values: [`@${value}`, all[index + 2] ?? ''] });
      index += 2;
    } else if (word === '--suppl-groups' && asks.at(-1)?.on === 'group') {
      // xt_owner: of the group by which the socket was made, and of all others of who made it.
      asks.push({ ...asks.pop()!, on: 'any-group' });
    } else if (word === '--connbytes' && value !== undefined) {
      // A single number is the least: xt_connbytes.
      const values = [value.includes(':') ? value : `${value}:`];
      asks.push({ on: 'carried', not, values, of: { way: 'both', unit: 'bytes' } });
      index++;
    } else if (/^--connbytes-(mode|dir)$/.test(word) && asks.at(-1)?.on === 'carried') {
      const last = asks.pop()!;
      asks.push({ ...last, of: counted(last.of!, value) });
      index++;
    } else if (word === '-m' && value === 'connmark') {
      asks.push({ on: 'other', not, values: ['connmark'] });
      index++;
    } else if (word === '-m' && value === 'rpfilter') {
      const rest = all.slice(index + 2);
      const end = rest.findIndex((next) => !RPFILTER.test(next));
      const flags = rest.slice(0, end < 0 ? rest.length : end);
      asks.push({
        on: 'way-back',
        not: flags.includes('--invert'),
        values: [flags.includes('--loose') ? 'loose' : 'strict'],
      });
      index += 1 + flags.length;
    } else if (word === '-m' || word === '--comment') index++;
    else if (SUBJECT[word] && value !== undefined) {
      asks.push({ on: SUBJECT[word], not, values: value.split(',') });
      index++;
    } else if (word.startsWith('-')) {
      const rest = all.slice(index + 1);
      const end = rest.findIndex((next) => next.startsWith('-') || next === '!');
      const values = rest.slice(0, end < 0 ? rest.length : end);
      asks.push({ on: 'other', not, values: [word, ...values] });
      index += values.length;
    }
    not = false;
  }
  return { asks, target, argument, options };
}
