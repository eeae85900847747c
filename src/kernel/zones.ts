/**
 * Zones of connection tracking: entries of one zone are not found in another. A rule names a packet's zone before it is
 * looked up (iptables-extensions(8) CT --zone, nft(8) ct zone set); what no rule names is in zone 0. The first rule wins: a
 * packet that carries a zone already is left alone (xt_ct_target, nft_ct_set_zone_eval).
 */
import type { Rule } from '../model/evidence.ts';
import type { Tracked } from '../model/facts.ts';
import { meets, type NatHook } from './rule-chain.ts';
import type { Packet } from './rule-clauses.ts';

export interface Zone {
  readonly id: number;
  /** For which direction of the connection: `both` unless the rule says less. */
  readonly way: 'both' | 'original' | 'reply';
  /** Null: no rule, and so zone 0. */
  readonly rule: Rule | null;
}

const NONE: Zone = { id: 0, way: 'both', rule: null };
const BY_NFT = /\bct (?:(original|reply) )?zone set (\d+)(?=\s|$)/;
const BY_IPTABLES = /-j CT\b.*?--zone(?:-(orig|reply))? (\d+)(?=\s|$)/;

/** The zone that a rule names by number; null for a rule that names none, or takes it from a mark or a map. */
export function zoneOf(rule: Rule): Zone | null {
  const [, way, id] = (rule.engine === 'nft' ? BY_NFT : BY_IPTABLES).exec(rule.text) ?? [];
  if (id === undefined) return null;
  return { id: Number(id), way: way === undefined ? 'both' : way === 'reply' ? 'reply' : 'original', rule };
}

/** The rule without its statement, as something to meet. */
const asked = (rule: Rule): Rule => ({ ...rule, text: rule.text.replace(BY_NFT, 'return') });

/** The zone in which this packet is looked up; null where a rule asks something that cannot be said from here. */
export function zoneFor(rules: readonly Rule[], packet: Packet, hook: NatHook): Zone | null {
  for (const rule of rules) {
    const zone = zoneOf(rule);
    if (zone === null) continue;
    const met = meets(rules, asked(rule), packet, hook);
    if (met === true) return zone;
    if (met === null) return null;
  }
  return NONE;
}

/** The number that a zone has in one direction: nf_ct_zone_id. */
const idIn = ({ id, way }: Zone, direction: 'original' | 'reply'): number =>
  way === 'both' || way === direction ? id : 0;

/**
 * Is an answer found that comes with `answer`, where its connection was begun with `request`? It is looked for by both
 * numbers of its own zone (resolve_normal_ct), and lies under the one that the request gave to answers.
 */
export function isFound(request: Zone, answer: Zone): boolean {
  const kept = idIn(request, 'reply');
  return kept === idIn(answer, 'original') || kept === idIn(answer, 'reply');
}

/** The zone that conntrack(8) shows of an entry for its answers: `zone=3`, `zone-reply=3`; 0 where it shows none. */
export const zoneOfEntry = ({ text }: Tracked): number =>
  Number(/\bzone(?:-reply)?=(\d+)/.exec(text)?.[1] ?? 0);
