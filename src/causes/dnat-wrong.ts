import { leavingOut } from '../fixes/leave-out.ts';
import { deletion, listing } from '../fixes/rule.ts';
import { sideName } from '../kernel/arrival.ts';
import { cameHome } from '../kernel/came-home.ts';
import { confirmed, NETFILTER, refuted } from '../kernel/drops.ts';
import { handedOver } from '../kernel/foretold.ts';
import { ledHome, sourceHome } from '../kernel/led-home.ts';
import { listenersOn, openThere, SHOW_LISTENERS } from '../kernel/listening.ts';
import type { Rewrite } from '../kernel/nat-rules.ts';
import { endingHit, HANDS_OVER } from '../kernel/rules.ts';
import { inhabited, ownerThere, ruleFor, type Taken, type Translated, taken } from '../kernel/taken.ts';
import { netnsOf } from '../kernel/travel.ts';
import { type Claim, cause } from '../model/cause.ts';
import type { Rule } from '../model/evidence.ts';
import type { Side } from '../model/facts.ts';
import { destination } from '../model/flow.ts';
import { isAt, type Scene } from '../model/scene.ts';
import { fromState, fromStateIn, ruleName } from '../words/telling.ts';
import { list } from '../words/text.ts';

/** What the packets met at the end of that translation. */
function did({ symptom }: Scene): string {
  if (symptom.kind === 'refused') return 'which refuses it';
  return symptom.kind === 'error' && symptom.says
    ? `and ${symptom.from ?? 'somebody'} says "${symptom.says}"`
    : 'which does not answer';
}

/** One rule that leads to several places, of which others answer: nft(8), numgen, jhash, symhash, a map. */
const sharesOut = (scene: Scene, rule: Rule): boolean =>
  scene.comparison != null && /\b(numgen|jhash|symhash)\b|\bmap [{@]/.test(rule.text);

/** A rule for what everybody asks of one service catches what the service itself asks of others: it asks itself. */
function caughtItself(scene: Translated): Claim | null {
  const home = ledHome(scene);
  // With another's source it is meant to come home.
  if (!home || !/^(untouched|spared)$/.test(sourceHome(scene, home).kind)) return null;
  const { rewrite, address, isSeen } = home;
  const { rule, clauses } = rewrite;
  const asked = `${scene.flow.address}${scene.flow.port === null ? '' : ` port ${scene.flow.port}`}`;
  return {
    sure: isSeen ? 'proved' : 'supported',
    what: `a ${clauses.target} rule leads what ${address} asks back to ${address} itself: ${rule.text}`,
    why: `It asked ${asked}, and ${ruleName(rule)} made that its own address: the rule is meant for what others ask, and does not leave out the one who serves them. No bridge sends a frame back where it came from, and nobody takes a packet from his own address.`,
    do: `Leave ${address} out of the rule by its source (iptables: ! -s ${address}; nft: ${address.includes(':') ? 'ip6' : 'ip'} saddr != ${address}), so that the server itself reaches those that it asks.`,
    owner: rule.owner,
    rule,
    // Whom it asks answers then, and no longer the server in its place.
    fixes: leavingOut(rule, address, null).map((fix) => ({ ...fix, leads: true as const })),
    evidence: [fromState(rule.text, listing(rule))],
  };
}

const within = (scene: Translated, side: Side): string =>
  `${side === 'host' ? 'on' : 'in'} ${sideName(scene, side)}`;

interface DeadEnd extends Taken {
  readonly rewrite: Rewrite;
  /** Whose sockets are known: none of them takes it. */
  readonly owner: Side;
}

/** Handed to a port by TPROXY, which drops what no socket there takes. */
function untaken(scene: Translated): DeadEnd | undefined {
  if (scene.symptom.kind !== 'lost' || refuted(scene, NETFILTER)) return undefined;
  const hit = endingHit(scene);
  // Another rule was seen to end it.
  if (hit?.by === 'trace' && !HANDS_OVER.test(hit.rule.text)) return undefined;
  const to = handedOver(scene);
  if (!to || listenersOn(scene, to.side, to.port).length > 0) return undefined;
  return { ...to, owner: to.side, seen: confirmed(scene, NETFILTER) };
}

/** Who wrote the rule wanted a program in between: it is that one which is missing, and going past it is another matter. */
function ledToNobody(scene: Translated, { owner, side, rewrite, seen, ...to }: DeadEnd): Claim {
  const { rule, clauses } = rewrite;
  const who = sideName(scene, owner);
  const isHanded = clauses.target === 'TPROXY';
  const where = isHanded ? `port ${to.port}` : destination(to);
  const others = listenersOn(scene, owner, to.port);
  const start =
    others.length > 0
      ? `Let ${list(others.map(({ process }) => process ?? 'the program'))} listen on ${to.address} too`
      : `Start the program that is to listen on port ${to.port} of ${who}, or see why it ended`;
  return {
    sure: seen ? 'proved' : 'supported',
    what: `a ${clauses.target} rule leads it to ${where}, where nobody listens ${within(scene, owner)}: ${rule.text}`,
    why: `The packets asked for ${destination(scene.flow)}; ${ruleName(rule)} ${within(scene, side)}${rule.owner ? `, which ${rule.owner} wrote,` : ''} ${isHanded ? `hands that to ${where} and drops what no socket there takes` : `made that ${where}, and that port is closed`}.${openThere(scene, owner, to.port)}`,
    do: `${start}. If this traffic is not meant for it, leave it out of the rule${rule.owner ? ` where ${rule.owner} is configured` : ''}; without the rule all that it is for goes past that program.`,
    owner: rule.owner,
    rule,
    fixes: deletion(rule, netnsOf(scene, side)),
    evidence: [
      fromStateIn(netnsOf(scene, side), rule.text, listing(rule)),
      fromStateIn(netnsOf(scene, owner), `nobody listens on ${where}`, SHOW_LISTENERS),
    ],
  };
}

export default cause({
  id: 'dnat-wrong',
  title: 'A DNAT or REDIRECT rule takes it to a place that does not answer',
  explain: `A rule in the nat table replaces the destination, and the new one is wrong: the address of a container that is gone, a
proxy that does not run, another machine. The first rule that matches wins, so one stale rule before the right one is enough.

It comes about when a runtime died without cleaning up, when a container came back with another address, and with
transparent proxies whose program stopped while their REDIRECT or TPROXY stayed: the sidecar of a service mesh, whose rules
stand in the container's own namespace and lead what it sends, and what comes in, to a port of the proxy. There the program is
what is missing; without the rule the traffic goes past it, unencrypted and unchecked. And a rule that leads everybody's questions to one server (forced
DNS) leads that server's own questions back to itself, unless it leaves it out by its source.

By hand: \`iptables -t nat -S | grep -E 'DNAT|REDIRECT'\`, and \`conntrack -L\` for where a flow is really taken.`,
  needs: ['ruleHits', 'conntrack', 'firewall', 'listeners'],
  over: [
    'neighbour-absent',
    'neighbour-unanswered',
    'no-reply-from-destination',
    'connection-refused',
    'forward-policy-drop',
    'container-firewall-drop',
    'firewall-rule-drop',
    'input-rule-drop',
    'port-not-published',
    'host-no-route',
    'destination-is-local',
  ],
  examine(scene) {
    if (scene.symptom.kind === 'answered' || scene.symptom.kind === 'not-sent') return null;
    if (scene.place?.direction === 'reply' && scene.symptom.kind === 'lost') return null;
    // What came home from beyond met the rule as somebody's who asks from there.
    if (isAt(scene, 'beyond') && cameHome(scene)) return null;
    const caught = caughtItself(scene);
    if (caught) return caught;
    const handed = untaken(scene);
    if (handed) return ledToNobody(scene, handed);
    const to = taken(scene).find((one) => !inhabited(scene, one));
    const rewrite = to && ruleFor(scene, to);
    if (!to || !rewrite) return null;
    const where = destination(to);
    const owner = ownerThere(scene, to);
    if (owner && scene.symptom.kind === 'refused') return ledToNobody(scene, { ...to, rewrite, owner });
    return {
      sure: to.seen ? 'proved' : 'supported',
      what: `a ${rewrite.clauses.target} rule takes it to ${where}, ${did(scene)}: ${rewrite.rule.text}`,
      why: `The packets asked for ${scene.flow.address}${scene.flow.port === null ? '' : ` port ${scene.flow.port}`}; ${ruleName(rewrite.rule)} made that ${where}.`,
      do: sharesOut(scene, rewrite.rule)
        ? `Mend what is at ${where}, or take it out of those that the rule chooses from; the others answer.`
        : scene.symptom.kind === 'refused'
          ? `Start what is to answer at ${where}, or let the rule lead to where it is now. Without the rule these packets go to ${scene.flow.address} itself.`
          : 'Remove the rule, or let it lead to where the service is now.',
      owner: rewrite.rule.owner,
      rule: rewrite.rule,
      // Who takes a proxy's rule away goes past the proxy: that is another answer than was meant.
      fixes: (sharesOut(scene, rewrite.rule) ? [] : deletion(rewrite.rule, netnsOf(scene, to.side))).map(
        (fix) => (rewrite.clauses.target === 'DNAT' ? { ...fix, leads: true as const } : fix),
      ),
      evidence: [fromStateIn(netnsOf(scene, to.side), rewrite.rule.text, listing(rewrite.rule))],
    };
  },
});
