/** What a rule does with a packet it matches, in one or two words that are the same for every engine. */
import { unquoted } from '../../kernel/rule-words.ts';

/** iptables extensions whose effect has a plainer name. */
const TARGETS: Readonly<Record<string, string>> = { NFQUEUE: 'queue', QUEUE: 'queue', CONTINUE: 'continue' };
const BUILT_IN = new Set(['DROP', 'ACCEPT', 'REJECT', 'RETURN', 'MASQUERADE', 'DNAT', 'SNAT', 'REDIRECT']);
/** Extension targets are named in capitals, and so are most user chains: a target has options or is one of these. */
const EXTENSIONS =
  /^(LOG|NFLOG|MARK|CONNMARK|TCPMSS|TTL|HL|TOS|DSCP|SET|TPROXY|TEE|TRACE|NETMAP|CLASSIFY|CHECKSUM|AUDIT|SYNPROXY|SECMARK|CONNSECMARK|HMARK|NOTRACK|ULOG|ECN|RATEEST|IDLETIMER|LED|TCPOPTSTRIP)$/;

/**
 * Of an `iptables -S` line: `drop`, `jump DOCKER-USER`, `goto X`, `masquerade`, `continue` where it has no target.
 * Plain searches instead of patterns: there may be fifty thousand lines.
 */
export function iptablesVerdict(line: string): string {
  // Outside of quotes, where nothing follows it.
  if (line.endsWith(' -j DROP')) return 'drop';
  if (line.endsWith(' -j ACCEPT')) return 'accept';
  const text = unquoted(line);
  const jump = text.lastIndexOf(' -j ');
  const at = jump < 0 ? text.lastIndexOf(' -g ') : jump;
  if (at < 0) return 'continue';
  const end = text.indexOf(' ', at + 4);
  const target = text.slice(at + 4, end < 0 ? undefined : end);
  if (jump < 0) return `goto ${target}`;
  if (target === 'CT') return text.includes('--notrack', at) ? 'notrack' : 'ct';
  const known = verdicts.get(target) ?? verdictOf(target);
  verdicts.set(target, known);
  return known;
}

/** Of tens of thousands of rules most lead to one of a few. */
const verdicts = new Map<string, string>();

const verdictOf = (target: string): string =>
  TARGETS[target] ??
  (BUILT_IN.has(target) || EXTENSIONS.test(target) ? target.toLowerCase() : `jump ${target}`);

/** Of an nft rule without its handle. The verdict is its last statement, so a `ct status dnat` is none. */
export function nftVerdict(rule: string): string {
  const text = unquoted(rule)
    .replace(/ comment ""$/, '')
    .trim();
  const patterns: readonly RegExp[] = [
    /(?:^|\s)(drop|accept|return|continue)$/,
    /(?:^|\s)((?:jump|goto) \S+)$/,
    /(?:^|\s)(reject)(?: with .*)?$/,
    /(?:^|\s)(queue)(?: (?:num|flags|to|bypass|fanout).*)?$/,
    /(?:^|\s)(masquerade|redirect)(?: (?:to|random|fully-random|persistent).*)?$/,
    /(?:^|\s)(dnat|snat)(?: ip6?)?(?: prefix| addr \. port)? to .*$/,
    /\s(vmap) (?:@\S+|\{.*\})$/,
    /(?:^|\s)(notrack|tproxy|synproxy)(?:\s.*)?$/,
  ];
  for (const pattern of patterns) {
    const verdict = pattern.exec(text)?.[1];
    if (verdict) return verdict;
  }
  return 'continue';
}
