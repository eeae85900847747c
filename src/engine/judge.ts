/** From the scene to the cause: every cause is examined, the one the evidence supports best is named. */

import { causes } from '../causes.ts';
import { type Answers, gatherOne } from '../discover/facts.ts';
import type { Machine } from '../host/machine.ts';
import { endings, isOfKind } from '../kernel/drops.ts';
import { endingHit } from '../kernel/rules.ts';
import type { Answer } from '../model/answer.ts';
import type { Cause, Claim } from '../model/cause.ts';
import type { Drop, Unknown } from '../model/evidence.ts';
import type { Need } from '../model/facts.ts';
import type { Scene } from '../model/scene.ts';
import { type Examined, examine, viewOf } from './examine.ts';

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
  connected: 'sockets that are connected',
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
  answeredAsItself: 'what the destination answered to that address before',
  openFiles: 'the files that its processes have open',
  ruleHits: 'the firewall rules met',
  replyRoute: 'the way back',
  endingChain: 'the chain that ended it',
  leaseClient: 'who asks for an address by DHCP',
  farTunnels: 'the tunnels of the other end',
  lookUp: 'how the name is looked up',
};

/**
 * Judges by the facts that are there. A cause that reaches for one that is not known, or throws, is unknown; it is never
 * silently passed over. Where a fact that it needs was not even asked for, nothing is asked of it.
 */
export const judge = (scene: Scene, facts: Answers): Judgement =>
  conclude(
    scene,
    facts,
    causesOf(scene, facts)
      .filter((cause) => cause.needs.every((need) => facts[need]))
      .map((cause) => ({ cause, ...examine(cause, scene, facts) })),
  );

/**
 * Judges by the facts that are there, and by those that a cause reaches for when it has looked at what was seen: each is asked
 * for once, and all that are wanted at a time side by side. `isAsked`: of these causes alone.
 */
export async function judgeAsking(
  scene: Scene,
  given: Answers,
  ask: (need: Need) => Promise<Answer<unknown>>,
  isAsked: (cause: Cause) => boolean = () => true,
): Promise<Judgement> {
  const facts: { [N in Need]?: Answer<unknown> } = { ...given };
  const asked = new Map<Need, Promise<unknown>>();
  const answered = (need: Need): Promise<unknown> => {
    const asking =
      asked.get(need) ??
      ask(need).then((answer) => {
        facts[need] = answer;
      });
    asked.set(need, asking);
    return asking;
  };
  const examined = await Promise.all(
    causesOf(scene, given)
      .filter(isAsked)
      .map(async (cause) => {
        let one = examine(cause, scene, facts as Answers);
        while ('lacks' in one && !facts[one.lacks]) {
          await answered(one.lacks);
          one = examine(cause, scene, facts as Answers);
        }
        return { cause, ...one };
      }),
  );
  return conclude(scene, facts as Answers, examined);
}

/** What some causes claim; whatever else they reach for is asked of the machine. */
export async function claimsOfSome(
  machine: Machine,
  scene: Scene,
  isAsked: (cause: Cause) => boolean,
  given: Answers = {},
): Promise<readonly Claimed[]> {
  const ask = (need: Need) => gatherOne(machine, scene, need);
  return (await judgeAsking(scene, given, ask, isAsked)).claims;
}

/**
 * Those that what is looked at may have: data over a connection, sockets of the target's programs, or probes. What the packets
 * were seen to end by leaves out what brings no such end about.
 */
function causesOf(scene: Scene, facts: Answers): Cause[] {
  const ended = seenToEnd(scene, facts);
  return causes.filter(
    (cause) =>
      (!scene.exchange || cause.ofData) &&
      (cause.ofSockets ?? false) === (scene.ailments !== undefined) &&
      !isContradicted(cause, ended),
  );
}

function conclude(
  scene: Scene,
  facts: Answers,
  examined: readonly (Examined & { readonly cause: Cause })[],
): Judgement {
  const claims: Claimed[] = [];
  const unknown: Unknown[] = [];
  /** Causes that what was seen leaves open, and that could not be examined. */
  const open: Cause[] = [];
  /** What could not be looked at, and the causes that wanted it. */
  const wanting = new Map<Need, { because: string; ids: string[] }>();
  for (const one of examined) {
    const { cause } = one;
    if ('failed' in one)
      unknown.push({ what: `whether it is ${cause.id}`, because: `its examination failed: ${one.failed}` });
    else if ('claim' in one) {
      if (one.claim) claims.push({ cause, claim: atMost(cause, one.claim, scene) });
    } else {
      const answer = facts[one.lacks];
      // What does not apply here is no gap in what was seen: a bare namespace has no process.
      if (!answer || answer.known || answer.because === 'not-asked') continue;
      if (cause.possible?.(scene)) open.push(cause);
      const entry = wanting.get(one.lacks) ?? { because: answer.detail, ids: [] };
      entry.ids.push(cause.id);
      wanting.set(one.lacks, entry);
    }
  }
  for (const [need, { because, ids }] of wanting)
    unknown.push({ what: `${WORDS[need]}, and so whether it is ${or(ids)}`, because });
  const settled = claims.filter(({ cause }) => !open.some((one) => one.over?.includes(cause.id)));
  return { claims: rank(settled), unknown };
}

/** What will bite, beside probes that were answered. What could not be looked at for it is no news. */
export function warnings(scene: Scene, facts: Answers): Claimed[] {
  return causes.flatMap((cause) => {
    if (!cause.warns || cause.needs.some((need) => !facts[need]?.known)) return [];
    const claim = cause.warns(viewOf(cause, scene, facts));
    return claim ? [{ cause, claim }] : [];
  });
}

export const warningNeeds = (): Need[] => [
  ...new Set(causes.filter(({ warns }) => warns).flatMap((cause) => [...cause.needs])),
];

type End = Pick<Drop, 'reason' | 'function'>;

/** A rule that was seen to end the packet, as the kernel would name its drop. */
const BY_RULE: End = { reason: 'NETFILTER_DROP', function: 'nft_do_chain' };
const A_RULES = /^nft_do_chain$/;

/** How the packets were seen to end: by the kernel's own account, or by a rule. What was inferred may not contradict it. */
function seenToEnd(scene: Scene, { ruleHits }: Answers): readonly End[] {
  const hit = ruleHits?.known ? endingHit({ ...scene, ruleHits: ruleHits.value }) : undefined;
  const told = endings(scene);
  if (hit?.by !== 'trace' || hit.rule.number === null) return told;
  // A drop of which too little was told to say that it is not the rule's is the rule's.
  return [...told.filter((end) => isOfKind(end, A_RULES) !== null), BY_RULE];
}

const isContradicted = ({ explains }: Cause, ended: readonly End[]): boolean =>
  explains !== undefined && ended.length > 0 && ended.every((end) => isOfKind(end, explains) === false);

/** What this host's own probe refutes is not proved, whatever the cause says. */
const atMost = ({ forEverybody }: Cause, claim: Claim, { control }: Scene): Claim =>
  forEverybody && control?.answered === true ? { ...claim, sure: 'supported' } : claim;

const or = (ids: readonly string[]): string =>
  ids.length < 2 ? ids.join('') : `${ids.slice(0, -1).join(', ')} or ${ids.at(-1)}`;

/** Two forms of one cause stand side by side: neither is the more specific. */
const isForm = ({ formOf }: Cause, id: string): boolean => formOf === id;

/** Does `a` take precedence over `b`, directly or through others claimed? */
function over(a: Cause, b: Cause, among: ReadonlyMap<string, Cause>, visited = new Set<string>()): boolean {
  for (const id of a.over ?? []) {
    if (id === b.id || (id === b.formOf && !isForm(a, id) && !b.over?.includes(a.id))) return true;
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
