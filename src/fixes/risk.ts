/** What a fix risks, by what its commands do and not by what its cause says of it: the one place where that is decided. */
import type { Change, Fix, Risk } from '../model/fix.ts';

const FIREWALL = /^(ip6?tables(-legacy|-nft)?|ebtables|arptables)$/;

/** The words of `ip` behind its options: `ip -6 route del …` → `route`, `del`, …. */
function ipWords(argv: readonly string[]): readonly string[] {
  const words = argv.slice(1);
  const at = words.findIndex((word) => !word.startsWith('-'));
  return at < 0 ? [] : words.slice(at);
}

const isObject = (word: string | undefined, ...names: string[]): boolean =>
  word !== undefined && names.some((name) => name.startsWith(word) && word.length > 1);

const DELETES = /^(d|de|del|delete|flush|f|fl|flu|flus)$/;

/** What a command takes away that somebody has put there: a word for it, or null. iptables(8), nft(8), ip(8), tc(8). */
export function takenAway(change: Change): string | null {
  if ('file' in change) return change.after === null ? 'a file' : null;
  const { argv } = change.run;
  const program = argv[0].split('/').at(-1) ?? '';
  if (FIREWALL.test(program)) {
    const verb = argv.find((word) => /^(-[DRFXPZ]|--(delete|replace|flush|delete-chain|policy))/.test(word));
    return verb ? (argv.includes('nat') ? 'a NAT rule' : 'a rule') : null;
  }
  if (program === 'nft') {
    const text = argv.slice(1).join(' ');
    if (/^(delete|destroy|flush|replace|reset)\s/.test(text)) return 'a rule';
    return /^(add\s+|create\s+)?chain\s.*\{\s*policy\s/.test(text) ? 'a policy' : null;
  }
  if (program === 'ip') {
    const [object, verb = ''] = ipWords(argv);
    if (isObject(object, 'xfrm')) return argv.some((word) => DELETES.test(word)) ? 'an IPsec policy' : null;
    if (isObject(object, 'route')) return DELETES.test(verb) || /^(repl|chang)/.test(verb) ? 'a route' : null;
    if (!DELETES.test(verb)) return null;
    if (isObject(object, 'rule')) return 'a routing rule';
    if (isObject(object, 'address')) return 'an address';
    return isObject(object, 'link') ? 'an interface' : null;
  }
  if (program === 'tc') return argv.includes('del') ? 'a filter or queue' : null;
  return null;
}

/** Does a command give an interface an address? */
function addsAddress(change: Change): boolean {
  if ('file' in change || change.run.argv[0] !== 'ip') return false;
  const [object, verb = ''] = ipWords(change.run.argv);
  return isObject(object, 'address') && /^(a|add|replace|change)$/.test(verb);
}

const ORDER: readonly Risk[] = ['safe', 'disruptive', 'dangerous'];

/** The greater of two risks. */
export const atLeast = (one: Risk, other: Risk): Risk =>
  ORDER.indexOf(one) >= ORDER.indexOf(other) ? one : other;

/**
 * What a fix risks at least. Nothing is safe that takes away what somebody has put there, or adds an
 * address that nobody has configured (`configured` names whose record has it, and answers for a route that is
 * put right by the same record).
 */
export function leastRisk(fix: Pick<Fix, 'apply' | 'configured'>): Risk {
  const recorded = fix.configured !== undefined;
  const unsafe = fix.apply.some((change) => {
    const taken = takenAway(change);
    if (taken === 'a route' || (taken === null && addsAddress(change))) return !recorded;
    return taken !== null;
  });
  return unsafe ? 'disruptive' : 'safe';
}

/** Does it take something away? Such a fix comes after those that leave everybody's purpose alone. */
export const takes = (fix: Pick<Fix, 'apply'>): boolean =>
  fix.apply.some((change) => takenAway(change) !== null);
