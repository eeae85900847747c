/** A rule as `nft list ruleset` prints it, taken apart (nft(8)). */
import type { Clause, Clauses, Counting, Subject } from './clause.ts';
import { carriedBy, frameClauses } from './frame-clauses.ts';

const SUBJECTS: readonly (readonly [RegExp, Subject])[] = [
  [/^(meta )?iif(name)?$/, 'in'],
  [/^(meta )?oif(name)?$/, 'out'],
  [/^(meta )?ibrname$/, 'in-bridge'],
  [/^(meta )?obrname$/, 'out-bridge'],
  [/^ip6? saddr$/, 'source'],
  [/^ip6? daddr$/, 'destination'],
  [/^(meta l4proto|ip protocol|ip6 nexthdr)$/, 'proto'],
  [/^(tcp|udp|th) sport$/, 'sport'],
  [/^(tcp|udp|th) dport$/, 'dport'],
  [/^ct state$/, 'state'],
  [/^meta mark$/, 'mark'],
  [/^(meta|ip) length$/, 'length'],
  [/^(meta )?skuid$/, 'user'],
  [/^(meta )?skgid$/, 'group'],
  [/^ct (original |reply )?(bytes|packets|avgpkt)$/, 'carried'],
  [/^icmp(v6)? type$/, 'icmp-type'],
  [/^(meta )?nfproto$/, 'family'],
  [/^fib saddr type$/, 'source-type'],
  [/^fib daddr type$/, 'destination-type'],
];

const TARGET: Readonly<Record<string, string>> = {
  accept: 'ACCEPT',
  drop: 'DROP',
  reject: 'REJECT',
  return: 'RETURN',
  continue: 'CONTINUE',
  masquerade: 'MASQUERADE',
  snat: 'SNAT',
  dnat: 'DNAT',
  redirect: 'REDIRECT',
  tproxy: 'TPROXY',
  queue: 'NFQUEUE',
  notrack: 'CT',
};

/** What rules compare by more and less, too. */
const COUNTED: ReadonlySet<Subject> = new Set(['length', 'user', 'group', 'carried']);
const MORE_OR_LESS = /^[<>]=?$/;

const bare = (word: string): string => word.replace(/^"|"$/g, '');

/** `{ 80, 443 }` and `established,related` as lists. */
const values = (word: string): string[] =>
  word
    .replace(/^\{|\}$/g, '')
    .split(',')
    .map((value) => bare(value.trim()))
    .filter((value) => value !== '');

function targetOf(word: string, rest: readonly string[]): Pick<Clauses, 'target' | 'argument' | 'options'> {
  if (word === 'jump' || word === 'goto') return { target: bare(rest[0] ?? ''), argument: null, options: [] };
  if (word === 'xt') return { target: bare(rest[1] ?? ''), argument: null, options: ['opaque'] };
  const to = rest.indexOf('to');
  const argument = to >= 0 ? rest.slice(to + 1).join(' ') : word === 'queue' ? (rest.at(-1) ?? null) : null;
  const options = word === 'notrack' ? ['notrack'] : rest.filter((each) => each === 'bypass');
  return { target: TARGET[word] ?? null, argument, options };
}

interface Named {
  readonly length: number;
  readonly on: Subject;
  readonly name: string;
}

/** The subject that begins at this word, in as many words as it has. */
const named = (all: readonly string[], index: number): Named | undefined =>
  [3, 2, 1]
    .map((length) => ({ length, name: all.slice(index, index + length).join(' ') }))
    .flatMap(({ length, name }) => {
      const found = SUBJECTS.find(([pattern]) => pattern.test(name));
      return found ? [{ length, on: found[1], name }] : [];
    })[0];

/** `ct reply bytes` */
function countingOf({ on, name }: Named): Pick<Clause, 'of'> {
  if (on !== 'carried') return {};
  const [, way = 'both', unit = ''] = /^ct (?:(original|reply) )?(\w+)$/.exec(name) ?? [];
  return {
    of: { way: way as Counting['way'], unit: unit === 'avgpkt' ? 'average' : (unit as Counting['unit']) },
  };
}

/** Subjects put together by dots, from this one on; undefined where one of them is none that is known. */
function tupleAt(
  all: readonly string[],
  first: Named,
  index: number,
): { parts: Subject[]; at: number } | undefined {
  const parts: Subject[] = [first.on];
  let at = index + first.length;
  while (all[at] === '.') {
    const next = named(all, at + 1);
    if (!next) return undefined;
    parts.push(next.on);
    at += 1 + next.length;
  }
  return parts.length > 1 ? { parts, at } : undefined;
}

/** How many words behind `mark set` say what is written: that is no question. 0: in words that are not read here. */
function writtenIn(words: readonly string[]): number {
  const found =
    /^(?:(?:(?:meta|ct) )?mark (?:[|&^]|or|and|xor) )?(?:0x[0-9a-f]+|\d+)(?=\s|$)|^(?:meta|ct) mark(?= (?!(?:[|&^]|and|or|xor) )|$)/i.exec(
      words.join(' '),
    );
  return found ? found[0].split(' ').length : 0;
}

/**
 * `fib saddr . iif oif missing`, as firewalld writes it, `oif 0` of older versions and `check missing` of nft 1.1.2; undefined
 * where no such begins here.
 */
function wayBack(all: readonly string[], index: number): { clause: Clause; at: number } | undefined {
  const text = all.slice(index, index + 9).join(' ');
  const [whole, by = '', found] =
    /^fib saddr((?: \. (?:mark|iif))*) (?:oif|check) (missing|exists|0|!= 0|false|true)(?= |$)/.exec(text) ??
    [];
  if (whole === undefined) return undefined;
  const not = found === 'missing' || found === '0' || found === 'false';
  const values = [by.includes('iif') ? 'strict' : 'loose'];
  return { clause: { on: 'way-back', not, values }, at: index + whole.split(' ').length - 1 };
}

/** `ofFrames`: of the family bridge, whose rules see frames of every protocol, and look into them. */
export function nftClauses(text: string, ofFrames = false): Clauses {
  const all: string[] = text.match(/"[^"]*"|\{[^{}]*\}|\S+/g) ?? [];
  const mapped = all.includes('vmap');
  const asks: Clause[] = [];
  for (let index = 0; index < all.length; index++) {
    const word = all[index] as string;
    if (word === 'comment' || word === 'log') {
      // What follows a log is its own options; a quoted prefix stands alone.
      index += word === 'comment' || all[index + 1] !== 'prefix' ? (word === 'comment' ? 1 : 0) : 2;
      continue;
    }
    if (word === 'counter') {
      if (all[index + 1] === 'packets') index += 4;
      continue;
    }
    if (word in TARGET || /^(jump|goto|xt)$/.test(word))
      return { asks, ...targetOf(word, all.slice(index + 1)) };
    // Which chain a verdict map leads to is not in the rule: any.
    if (mapped) {
      asks.push({ on: 'other', not: false, values: all.slice(index) });
      return { asks, target: null, argument: null, options: ['vmap'] };
    }
    const ofFrame = ofFrames ? frameClauses(all, index) : undefined;
    if (ofFrame) {
      asks.push(...ofFrame.asks);
      index = ofFrame.at;
      continue;
    }
    const back = word === 'fib' ? wayBack(all, index) : undefined;
    if (back) {
      asks.push(back.clause);
      index = back.at;
      continue;
    }
    const kept =
      all.slice(index, index + 3).join(' ') === 'ct mark set' ? writtenIn(all.slice(index + 3)) : 0;
    if (kept > 0) {
      index += 2 + kept;
      continue;
    }
    const found = named(all, index);
    if (!found) {
      asks.push({ on: 'other', not: false, values: [word] }, ...(ofFrames ? carriedBy(word) : []));
      continue;
    }
    const tuple = tupleAt(all, found, index);
    let at = tuple?.at ?? index + found.length;
    const not = all[at] === '!=';
    if (not || all[at] === '==') at++;
    if (tuple) {
      asks.push({ on: 'tuple', not, values: values(all[at] ?? ''), parts: tuple.parts });
      index = at;
      continue;
    }
    const sets = found.on === 'mark' && all[at] === 'set' ? writtenIn(all.slice(at + 1)) : 0;
    if (sets > 0) {
      index = at + sets;
      continue;
    }
    if (found.on === 'mark' && all[at] === '&' && all[at + 2] === '==') {
      asks.push({ on: 'mark', not, values: [`${all[at + 3]}/${all[at + 1]}`] });
      index = at + 3;
      continue;
    }
    if (COUNTED.has(found.on) && MORE_OR_LESS.test(all[at] ?? '')) {
      asks.push({ on: found.on, not, values: [`${all[at]}${all[at + 1]}`], ...countingOf(found) });
      index = at + 1;
      continue;
    }
    if (ofFrames) asks.push(...carriedBy(found.name));
    // `tcp dport 80` speaks of the protocol too.
    const proto = /^(tcp|udp|icmp|icmpv6) /.exec(found.name)?.[1];
    if (proto) asks.push({ on: 'proto', not: false, values: [proto] });
    asks.push({ on: found.on, not, values: values(all[at] ?? ''), ...countingOf(found) });
    index = at;
  }
  return { asks, target: null, argument: null, options: [] };
}
