/** From the scene to the cause: every cause is examined, the one the evidence supports best is named. */

import { causes } from '../causes.ts';
import { endings, isOfKind } from '../kernel/drops.ts';
import { endingHit } from '../kernel/rules.ts';
import type { Answer } from '../model/answer.ts';
import type { Cause, Claim } from '../model/cause.ts';
import type { Drop, Unknown } from '../model/evidence.ts';
import type { Facts, Need } from '../model/facts.ts';
import type { Scene } from '../model/scene.ts';

export type Gathered = { readonly [N in Need]?: Answer<Facts[N]> };

export interface Claimed {
  readonly cause: Cause;
  readonly claim: Claim;
}

export interface Judgement {
  /** The cause first, then what else was claimed. */
  readonly claims: readonly Claimed[];
  readonly unknown: readonly Unknown[];
}

/** What each fact is called when it could not be had. */
const WORDS: Readonly<Record<Need, string>> = {
  sysctls: 'sysctls',
  firewall: 'the firewall rules in force',
  conntrack: 'connection tracking',
  traffic: 'traffic control',
  listeners: 'who listens',
  fdb: 'the forwarding table of the bridge',
  vlans: 'the VLANs of the bridge',
  xfrm: 'IPsec policies',
  wireguard: 'the peers of WireGuard',
  virtualServices: 'the services that IPVS balances',
  cgroup: "the programs of the container's cgroup",
  resolver: "the container's resolv.conf",
  process: "the container's process",
  members: 'the other members of the segment',
  residents: 'who on this host has that address',
  modules: 'the kernel modules',
  sockets: 'the sockets',
  multicast: 'the multicast routes',
  tcpBeside: 'a handshake beside the ping',
  openFiles: 'the files that its processes have open',
  ruleHits: 'the firewall rules met',
  replyRoute: 'the way back',
  endingChain: 'the chain that ended it',
  lookUp: 'how the name is looked up',
};

export const allNeeds = (): Need[] => [...new Set(causes.flatMap((cause) => [...cause.needs]))];

/** A cause that lacks a need, or throws, is unknown; it is never silently passed over. */
export function judge(scene: Scene, facts: Gathered): Judgement {
  const claims: Claimed[] = [];
  const unknown: Unknown[] = [];
  /** Causes that what was seen leaves open, and that could not be examined. */
  const open: Cause[] = [];
  const ended = seenToEnd(scene, facts);
  /** What could not be looked at, and the causes that wanted it. */
  const wanting = new Map<string, { because: string; ids: string[] }>();
  for (const cause of causes) {
    if (scene.exchange && !cause.ofData) continue;
    if ((cause.ofSockets ?? false) !== (scene.ailments !== undefined)) continue;
    const missing = cause.needs
      .map((need) => [need, facts[need]] as const)
      .find(([, answer]) => !answer?.known);
    if (missing) {
      const [need, answer] = missing;
      // What does not apply here is no gap in what was seen: a bare namespace has no process.
      if (answer && !answer.known && answer.because === 'not-asked') continue;
      const because = answer && !answer.known ? answer.detail : 'it was not gathered';
      if (cause.possible?.(scene)) open.push(cause);
      const entry = wanting.get(need) ?? { because, ids: [] };
      entry.ids.push(cause.id);
      wanting.set(need, entry);
      continue;
    }
    const view: Record<string, unknown> = { ...scene };
    for (const need of cause.needs) view[need] = (facts[need] as { value: unknown }).value;
    try {
      const claim = cause.examine(view as unknown as Scene & Facts);
      if (claim && !isContradicted(cause, ended)) claims.push({ cause, claim: atMost(cause, claim, scene) });
    } catch (error) {
      unknown.push({
        what: `whether it is ${cause.id}`,
        because: `its examination failed: ${(error as Error).message}`,
      });
    }
  }
  for (const [need, { because, ids }] of wanting)
    unknown.push({ what: `${WORDS[need as Need]}, and so whether it is ${or(ids)}`, because });
  const settled = claims.filter(({ cause }) => !open.some((one) => one.over?.includes(cause.id)));
  return { claims: rank(settled), unknown };
}

/** What will bite, beside probes that were answered. What could not be looked at for it is no news. */
export function warnings(scene: Scene, facts: Gathered): Claimed[] {
  return causes.flatMap((cause) => {
    if (!cause.warns || cause.needs.some((need) => !facts[need]?.known)) return [];
    const view: Record<string, unknown> = { ...scene };
    for (const need of cause.needs) view[need] = (facts[need] as { value: unknown }).value;
    const claim = cause.warns(view as unknown as Scene & Facts);
    return claim ? [{ cause, claim }] : [];
  });
}

export const warningNeeds = (): Need[] => [
  ...new Set(causes.filter(({ warns }) => warns).flatMap((cause) => [...cause.needs])),
];

type End = Pick<Drop, 'reason' | 'function'>;

/** A rule that was seen to end the packet, as the kernel would name its drop. */
const BY_RULE: End = { reason: 'NETFILTER_DROP', function: 'nft_do_chain' };

/** How the packets were seen to end: by the kernel's own account, or by a rule. What was inferred may not contradict it. */
function seenToEnd(scene: Scene, { ruleHits }: Gathered): readonly End[] {
  const hit = ruleHits?.known ? endingHit({ ...scene, ruleHits: ruleHits.value }) : undefined;
  return [...endings(scene), ...(hit?.by === 'trace' && hit.rule.number !== null ? [BY_RULE] : [])];
}

const isContradicted = ({ explains }: Cause, ended: readonly End[]): boolean =>
  explains !== undefined && ended.length > 0 && ended.every((end) => isOfKind(end, explains) === false);

/** What this host's own probe refutes is not proved, whatever the cause says. */
const atMost = ({ forEverybody }: Cause, claim: Claim, { control }: Scene): Claim =>
  forEverybody && control?.answered === true ? { ...claim, sure: 'supported' } : claim;

const or = (ids: readonly string[]): string =>
  ids.length < 2 ? ids.join('') : `${ids.slice(0, -1).join(', ')} or ${ids.at(-1)}`;

/** Does `a` take precedence over `b`, directly or through others claimed? */
function over(a: Cause, b: Cause, among: ReadonlyMap<string, Cause>, visited = new Set<string>()): boolean {
  for (const id of a.over ?? []) {
    if (id === b.id) return true;
    const next = among.get(id);
    if (next && !visited.has(id)) {
      visited.add(id);
      if (over(next, b, among, visited)) return true;
    }
  }
  return false;
}

/** The specific before the general, the proved before the supported. */
function rank(claims: readonly Claimed[]): Claimed[] {
  const among = new Map(causes.map((cause) => [cause.id, cause]));
  const beaten = (one: Claimed): number =>
    claims.filter((other) => other !== one && over(other.cause, one.cause, among)).length;
  const proved = (one: Claimed): number => (one.claim.sure === 'proved' ? 0 : 1);
  const [first, ...others] = claims
    .map((one) => ({ one, beaten: beaten(one) }))
    .sort((a, b) => a.beaten - b.beaten || proved(a.one) - proved(b.one))
    .map(({ one }) => one);
  // The general form of what has been named is no second finding.
  return first ? [first, ...others.filter((one) => !over(first.cause, one.cause, among))] : [];
}
