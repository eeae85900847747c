/** What is said of a rule that would have let a packet pass but for one clause, and how the set of that one is filled again. */
import type { Clause } from '../kernel/clause.ts';
import { setNamed } from '../kernel/looked-up.ts';
import { type NearMiss, nearMiss } from '../kernel/near-miss.ts';
import type { Ruled } from '../kernel/rules.ts';
import type { Claim } from '../model/cause.ts';
import type { EndingChain, SetLookUp } from '../model/ending-chain.ts';
import type { RuleHit } from '../model/facts.ts';
import { type Fix, run } from '../model/fix.ts';
import type { Netns } from '../model/netns.ts';
import { inWords } from './clause-words.ts';
import { canBeNamed } from './rule.ts';

export interface Missed {
  /** `rule 2 before it accepts only what is in set allowed, and 198.51.100.1 is not in it`. */
  readonly what: string;
  readonly why: string;
  readonly do: string;
  readonly fixes: readonly Fix[];
}

const asked = (clause: Clause): string =>
  `only what ${inWords(clause) ?? `has ${clause.not ? 'anything but ' : ''}${clause.values.join(', ')}`}`;

function own({ clause, packet }: NearMiss): string {
  const values: Readonly<Partial<Record<Clause['on'], string | number | null>>> = {
    in: packet.in,
    out: packet.out,
    source: packet.source,
    destination: packet.destination,
    sport: packet.sourcePort,
    dport: packet.destinationPort,
    mark: packet.mark === undefined ? null : `0x${packet.mark.toString(16)}`,
  };
  const value = values[clause.on];
  return value === undefined || value === null
    ? 'this is not'
    : `this ${inWords({ on: clause.on, not: false, values: [String(value)] })}`;
}

/** `It is a set of ipv4_addr, flags timeout, and holds 198.51.100.9.` */
function aboutSet({ kind, name, type, header, elements }: SetLookUp): string {
  const holds =
    elements === null
      ? ''
      : elements.length === 0
        ? ', and is empty'
        : `, and holds ${elements.slice(0, 4).join(', ')}${elements.length > 4 ? ` and ${elements.length - 4} more` : ''}`;
  return `${name} is a ${kind} of ${[type, ...header].join(', ')}${holds}.`;
}

/** Puts the element into a set of nft; a map would have to be told what becomes of it. */
function filling({ rule, set }: NearMiss, netns: Netns | null): Fix[] {
  if (set?.engine !== 'nft' || set.kind !== 'set' || !canBeNamed(rule)) return [];
  const element = [rule.family, rule.table, set.name, `{ ${set.key} }`] as const;
  return [
    {
      title: `Put ${set.key} into set ${set.name} of table ${rule.family} ${rule.table}`,
      // It may have been left out on purpose: that is for a person to say.
      risk: 'disruptive',
      lasts: 'until the set is filled anew, or its timeout is over',
      affects: `what rules of table ${rule.table} look up in ${set.name}`,
      apply: [run(['nft', 'add', 'element', ...element], netns)],
      undo: [run(['nft', 'delete', 'element', ...element], netns)],
    },
  ];
}

const expires = ({ header }: SetLookUp): boolean => header.some((one) => /timeout/.test(one));

function mending({ clause, set, rule }: NearMiss): string {
  if (set?.holds === false) {
    const by = set.engine === 'ipset' ? ` (ipset add ${set.name} ${set.key})` : '';
    const gone = expires(set) ? ' Its elements expire: somebody must renew them in time.' : '';
    return `Put ${set.key} into ${set.name}${by} if it may pass, and see why whoever fills it does not: dnsmasq (nftset=, ipset=), fail2ban, a script, a timer.${gone}`;
  }
  if (clause.on === 'mark')
    return 'See which rule or program should have marked it before (-j MARK, meta mark set, SO_MARK).';
  return `If this traffic may pass, let rule ${rule.number} accept it too.`;
}

/** Null where no rule of the chain was near to letting it pass. */
export function missed(
  scene: Ruled & { readonly endingChain: EndingChain },
  hit: RuleHit,
  netns: Netns | null,
): Missed | null {
  const near = nearMiss(scene, hit);
  if (!near) return null;
  const { rule, clause, set } = near;
  const named = setNamed(clause);
  const name = named && `${set?.kind ?? 'set'} ${named}`;
  const there = clause.not ? 'not in' : 'in';
  const what = name
    ? `accepts only what is ${there} ${name}, and ${set?.key ?? 'this'} is ${clause.not ? 'in it' : 'not in it'}`
    : `accepts ${asked(clause)}, and ${own(near)}`;
  return {
    what: `rule ${rule.number} ${what}`,
    why: `${set ? `${aboutSet(set)} ` : ''}Whatever else rule ${rule.number} asks for, the packet has: ${rule.text}.`,
    do: mending(near),
    fixes: clause.not ? [] : filling(near, netns),
  };
}

/** What is said of the rule that ended the packet, with what one before it lacks: that is mended first. */
export const withMissed = (near: Missed | null, said: Claim): Claim =>
  near === null
    ? said
    : {
        ...said,
        why: `${said.why} ${near.why}`,
        do: near.do,
        fixes: [...near.fixes, ...(said.fixes ?? [])],
      };
