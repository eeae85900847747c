/** Where the rules lead a request that is not answered, and whether anybody is there. */
import type { Conntrack, Firewall, Listener, RuleHit, Side } from '../model/facts.ts';
import { isAt, isHostAddress, type Scene } from '../model/scene.ts';
import { arrival, isLoopback, ownerOf } from './arrival.ts';
import { AT_SOCKET, confirmed, NETFILTER } from './drops.ts';
import { foretold } from './foretold.ts';
import { listenersOn, takes } from './listening.ts';
import { destinationRewrites, type Rewrite } from './nat-rules.ts';
import { answers, questions } from './next-hop.ts';
import { enteringPacket, entrance } from './packet-of.ts';
import { meets } from './rule-chain.ts';
import { endingHit } from './rules.ts';
import { destinationRewritten, entriesOf, takenTo } from './tracked.ts';

export type Translated = Scene & {
  readonly conntrack: Conntrack;
  readonly firewall: Firewall;
  readonly listeners: readonly Listener[];
  readonly ruleHits: readonly RuleHit[];
};

export interface Taken {
  readonly address: string;
  readonly port: number | null;
  /** In whose namespace it was rewritten. */
  readonly side: Side;
  /** Seen by a capture, at the rule itself, in conntrack's entry or by how it ended; else it is what the first rule that matches says. */
  readonly seen: boolean;
  /** The rule, where its rules alone told. */
  readonly rewrite?: Rewrite;
}

/**
 * Where the request was taken, the last first: by the rules of the namespace that saw it last, by the captures, by a rule
 * that it was seen to meet, or by the host's connection-tracking entry.
 */
export function taken(scene: Translated): Taken[] {
  const there = arrival(scene);
  const first = scene.path.hops[0];
  const byRules = ruled(scene);
  const seen: Taken[] = [];
  if (there.rewritten && there.hop)
    seen.push({
      ...there,
      side: there.hop === first && first.where === 'container' ? 'container' : 'host',
      seen: true,
    });
  const met = seen.length === 0 ? metRewrite(scene) : undefined;
  if (met) seen.push(met);
  const entry = seen.length === 0 ? entriesOf(scene).find(destinationRewritten) : undefined;
  if (entry) seen.push({ ...takenTo(entry), side: 'host', seen: true });
  // What was seen outranks what the same namespace's rules would have it be.
  const all = byRules && !seen.some(({ side }) => side === byRules.side) ? [byRules, ...seen] : seen;
  const waits = all.length === 0 && !isAt(scene, 'send') ? lookedFor(scene) : undefined;
  return waits ? [waits] : all;
}

/**
 * The rule that was seen to rewrite it, where no capture knew the packet again. One that another rule ended behind it was not
 * lost for where it was taken.
 */
function metRewrite(scene: Translated): Taken | undefined {
  if (endingHit(scene)) return undefined;
  for (const { direction, by, rule, side } of scene.ruleHits) {
    const [rewrite] = direction === 'request' && by === 'trace' ? destinationRewrites([rule]) : [];
    if (rewrite?.address && rewrite.clauses.target === 'DNAT')
      return { address: rewrite.address, port: rewrite.port ?? scene.flow.port, side, seen: true, rewrite };
  }
  return undefined;
}

/**
 * A packet that waits for the MAC address of its new destination leaves no interface, and no connection-tracking entry
 * that others could read; but the host asks the link for the address that the first matching rule gives it.
 */
function lookedFor(scene: Translated): Taken | undefined {
  const isAsked = scene.sightings.some(({ kind }) => kind === 'neighbour');
  if (scene.place?.direction !== 'request' || !isAsked) return undefined;
  const packet = enteringPacket(scene, entrance(scene));
  const rewrite = destinationRewrites(scene.firewall.host).find(
    ({ rule }) => meets(scene.firewall.host, rule, packet, 'prerouting') === true,
  );
  const address = rewrite?.address;
  if (!address || questions(scene, address).length === 0 || answers(scene, address).length > 0)
    return undefined;
  return { address, port: rewrite.port ?? scene.flow.port, side: 'host', seen: true };
}

/**
 * What a namespace rewrites before any interface shows it, its rules alone tell. Past the sender they are asked only where
 * the packets were refused, and by no rule: what is lost there may have been lost before it was rewritten.
 */
function ruled(scene: Translated): Taken | undefined {
  const isSent = isAt(scene, 'send');
  if (!isSent && (scene.symptom.kind !== 'refused' || confirmed(scene, NETFILTER))) return undefined;
  const to = foretold(scene);
  if (!to) return undefined;
  const isRefused = scene.symptom.kind === 'refused';
  // What a namespace leads to itself is taken or refused there at once, and never lost.
  if (!isRefused && ownerThere(scene, { ...to, seen: false }) === to.side) return undefined;
  return { ...to, seen: isSent && isRefused && confirmed(scene, AT_SOCKET) };
}

/** Whose sockets the new destination names; null: of nobody whose sockets are known. */
export const ownerThere = (scene: Translated, { address, side }: Taken): Side | null =>
  isLoopback(address) ? side : ownerOf(scene, address);

/** Somebody of the path holds that address: what fails there is theirs, not the rule's. */
export function inhabited(scene: Translated, to: Taken): boolean {
  const owner = ownerThere(scene, to);
  if (owner && listenersOn(scene, owner, to.port).some((one) => takes(one, to.address, scene.flow.family)))
    return true;
  // The runtime's own resolver lives behind such a rule.
  if (to.side === 'container' && isLoopback(to.address)) return isLoopback(scene.flow.address);
  if (owner === 'host') return to.port === scene.flow.port && isHostAddress(scene, scene.flow.address);
  if (owner === to.side) return false;
  if (owner !== null) return scene.flow.from !== 'container' || isHostAddress(scene, scene.flow.address);
  const entry = scene.stacks.host.neighbours.find((one) => one.address === to.address);
  return entry?.mac != null && !entry.state.includes('FAILED') && isHostAddress(scene, scene.flow.address);
}

export function ruleFor(scene: Translated, to: Taken): Rewrite | undefined {
  if (to.rewrite) return to.rewrite;
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
