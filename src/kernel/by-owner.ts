/** Rules of a firewall that keep what some users send from going on: xt_owner, skuid and skgid of nft(8). */
import type { Rule } from '../model/evidence.ts';
import { carrier, type Flow } from '../model/flow.ts';
import type { User } from '../model/socket.ts';
import type { Subject } from './clause.ts';
import { hookOf, isOfFamily } from './rule-chain.ts';
import { clausesOf, fits, type Packet } from './rule-clauses.ts';

/** What clauses ask of who made the socket. */
const OF_USERS: ReadonlySet<Subject> = new Set(['user', 'group', 'any-group']);

/** Lets pass, or only tells of it. */
const SPARES = /^(ACCEPT|RETURN|LOG|NFLOG|TRACE|CONTINUE)$/;

const isForSenders = (rule: Rule): boolean => {
  const hook = hookOf(rule);
  return (
    rule.number !== null && rule.table !== 'nat' && (hook === null || /^(output|postrouting)$/.test(hook))
  );
};

/** Of the control group of the socket: `-m cgroup` of iptables-extensions(8), `socket cgroupv2` and `meta cgroup` of nft(8). */
const BY_CGROUP = /(^|\s)(-m cgroup|socket cgroupv2|meta cgroup) /;

export const asksCgroup = ({ text }: Rule): boolean => BY_CGROUP.test(text);

/** Those that ask whose socket it is, may be met by what this flow sends, and drop, mark or lead it elsewhere. */
export const ownerRules = (rules: readonly Rule[], flow: Flow): Rule[] =>
  rules.filter((rule) => {
    const clauses = clausesOf(rule);
    const isByOwner = clauses.asks.some(({ on }) => OF_USERS.has(on)) || asksCgroup(rule);
    // A program's rule for its own group spares it where it accepts: whoever is not in it goes on to what drops.
    const isSparing = SPARES.test(clauses.target ?? 'CONTINUE') && !asksCgroup(rule);
    if (!isByOwner || !isForSenders(rule) || !isOfFamily(rule, flow.family) || isSparing) return false;
    // From where and by which interface it leaves is not known before its way is.
    const asks = clauses.asks.filter(({ on }) => on === 'proto' || on === 'dport' || on === 'destination');
    return fits({ ...clauses, asks }, packetOf(flow)) !== false;
  });

const packetOf = (flow: Flow, user?: User): Packet => ({
  source: '',
  destination: flow.address,
  in: null,
  out: null,
  proto: carrier(flow),
  sourcePort: null,
  destinationPort: flow.port,
  isLocal: () => false,
  ...user,
});

/** Is the rule for what this user sends? */
export function isFor(rule: Rule, flow: Flow, user: User): boolean {
  const clauses = clausesOf(rule);
  const asks = clauses.asks.filter(({ on }) => OF_USERS.has(on));
  return fits({ ...clauses, asks }, packetOf(flow, user)) === true;
}

/** Does it choose by groups, the supplementary ones among them or not? */
export const asksGroup = (rule: Rule): boolean =>
  clausesOf(rule).asks.some(({ on }) => on === 'group' || on === 'any-group');
