import { leavingOut } from '../fixes/leave-out.ts';
import { deletion, listing } from '../fixes/rule.ts';
import { arrival, isLoopback, ownerOf } from '../kernel/arrival.ts';
import { ledHome } from '../kernel/led-home.ts';
import { listenersOn, takes } from '../kernel/listening.ts';
import { destinationRewrites, type Rewrite } from '../kernel/nat-rules.ts';
import { answers, questions } from '../kernel/next-hop.ts';
import { enteringPacket, entrance } from '../kernel/packet-of.ts';
import { meets } from '../kernel/rule-chain.ts';
import { destinationRewritten, entriesOf, takenTo } from '../kernel/tracked.ts';
import { netnsOf } from '../kernel/travel.ts';
import { type Claim, cause } from '../model/cause.ts';
import type { Rule } from '../model/evidence.ts';
import type { Conntrack, Firewall, Listener, Side } from '../model/facts.ts';
import { destination } from '../model/flow.ts';
import { isAt, isHostAddress, type Scene } from '../model/scene.ts';
import { fromState, fromStateIn, ruleName } from '../words/telling.ts';

type Seen = Scene & {
  readonly conntrack: Conntrack;
  readonly firewall: Firewall;
  readonly listeners: readonly Listener[];
};

interface Taken {
  readonly address: string;
  readonly port: number | null;
  /** In whose namespace it was rewritten. */
  readonly side: Side;
  /** Seen by a capture or in conntrack's entry; else it is what the first rule that matches says. */
  readonly seen: boolean;
}

/** Where the request was taken, by the captures or by the host's connection-tracking entry. */
function taken(scene: Seen): Taken | undefined {
  const there = arrival(scene);
  const first = scene.path.hops[0];
  if (there.rewritten && there.hop)
    return {
      ...there,
      side: there.hop === first && first.where === 'container' ? 'container' : 'host',
      seen: true,
    };
  const entry = entriesOf(scene).find(destinationRewritten);
  if (entry) return { ...takenTo(entry), side: 'host', seen: true };
  return isAt(scene, 'send') ? foretold(scene) : lookedFor(scene);
}

/**
 * A packet that waits for the MAC address of its new destination leaves no interface, and no connection-tracking entry
 * that others could read; but the host asks the link for the address that the first matching rule gives it.
 */
function lookedFor(scene: Seen): Taken | undefined {
  if (scene.place?.direction !== 'request') return undefined;
  const packet = enteringPacket(scene, entrance(scene));
  const rewrite = destinationRewrites(scene.firewall.host).find(
    ({ rule }) => meets(scene.firewall.host, rule, packet, 'prerouting') === true,
  );
  const address = rewrite?.address;
  if (!address || questions(scene, address).length === 0 || answers(scene, address).length > 0)
    return undefined;
  return { address, port: rewrite.port ?? scene.flow.port, side: 'host', seen: true };
}

/** The sender's own rules act before any interface sees the packet: they alone tell where it would go. */
function foretold(scene: Seen): Taken | undefined {
  const side = scene.flow.from === 'host' ? 'host' : 'container';
  const packet = enteringPacket(scene, null);
  const rewrite = destinationRewrites(scene.firewall[side]).find(
    ({ rule }) => meets(scene.firewall[side], rule, packet, 'output') === true,
  );
  if (!rewrite?.address) return undefined;
  return { address: rewrite.address, port: rewrite.port ?? scene.flow.port, side, seen: false };
}

/** Somebody of the path holds that address: what fails there is theirs, not the rule's. */
function inhabited(scene: Seen, to: Taken): boolean {
  const owner = isLoopback(to.address) && to.side === 'host' ? 'host' : ownerOf(scene, to.address);
  if (owner && listenersOn(scene, owner, to.port).some((one) => takes(one, to.address, scene.flow.family)))
    return true;
  // The runtime's own resolver lives behind such a rule.
  if (to.side === 'container' && isLoopback(to.address)) return true;
  if (owner === 'host') return to.port === scene.flow.port && isHostAddress(scene, scene.flow.address);
  if (owner !== null) return scene.flow.from !== 'container' || isHostAddress(scene, scene.flow.address);
  const entry = scene.stacks.host.neighbours.find((one) => one.address === to.address);
  return entry?.mac != null && !entry.state.includes('FAILED') && isHostAddress(scene, scene.flow.address);
}

function ruleFor(scene: Seen, to: Taken): Rewrite | undefined {
  const packet = enteringPacket(scene, to.side === 'container' ? null : entrance(scene));
  const leads = destinationRewrites(scene.firewall[to.side]).filter(
    (rewrite) =>
      (rewrite.address === null || rewrite.address === to.address) &&
      (rewrite.port === null || rewrite.port === to.port),
  );
  const hook = to.side === 'container' || scene.flow.from === 'host' ? 'output' : 'prerouting';
  const met = leads.map((lead) => ({ lead, by: meets(scene.firewall[to.side], lead.rule, packet, hook) }));
  return (met.find(({ by }) => by === true) ?? met.find(({ by }) => by === null))?.lead;
}

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
function caughtItself(scene: Seen): Claim | null {
  const home = ledHome(scene);
  if (!home) return null;
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

export default cause({
  id: 'dnat-wrong',
  title: 'A DNAT or REDIRECT rule takes it to a place that does not answer',
  explain: `A rule in the nat table replaces the destination, and the new one is wrong: the address of a container that is gone, a
proxy that does not run, another machine. The first rule that matches wins, so one stale rule before the right one is enough.

It comes about when a runtime died without cleaning up, when a container came back with another address, and with
transparent proxies whose program stopped while their REDIRECT stayed. And a rule that leads everybody's questions to one server (forced
DNS) leads that server's own questions back to itself, unless it leaves it out by its source.

By hand: \`iptables -t nat -S | grep -E 'DNAT|REDIRECT'\`, and \`conntrack -L\` for where a flow is really taken.`,
  needs: ['conntrack', 'firewall', 'listeners'],
  over: [
    'neighbour-absent',
    'neighbour-unanswered',
    'no-reply-from-destination',
    'connection-refused',
    'forward-policy-drop',
    'firewall-rule-drop',
    'input-rule-drop',
    'port-not-published',
    'host-no-route',
    'destination-is-local',
  ],
  examine(scene) {
    if (scene.symptom.kind === 'answered' || scene.symptom.kind === 'not-sent') return null;
    if (scene.place?.direction === 'reply' && scene.symptom.kind === 'lost') return null;
    const caught = caughtItself(scene);
    if (caught) return caught;
    const to = taken(scene);
    if (!to || inhabited(scene, to)) return null;
    const rewrite = ruleFor(scene, to);
    if (!rewrite) return null;
    const where = destination(to);
    return {
      sure: to.seen ? 'proved' : 'supported',
      what: `a ${rewrite.clauses.target} rule takes it to ${where}, ${did(scene)}: ${rewrite.rule.text}`,
      why: `The packets asked for ${scene.flow.address}${scene.flow.port === null ? '' : ` port ${scene.flow.port}`}; ${ruleName(rewrite.rule)} made that ${where}.`,
      do: sharesOut(scene, rewrite.rule)
        ? `Mend what is at ${where}, or take it out of those that the rule chooses from; the others answer.`
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
