/** Where the rules of the namespace that has the request lead it, when no interface shows it any more. */
import type { Firewall, Side } from '../model/facts.ts';
import { isAt, type Scene } from '../model/scene.ts';
import { linkNamed } from '../model/stack.ts';
import { arrival } from './arrival.ts';
import { destinationRewrites, type Rewrite } from './nat-rules.ts';
import { enteringPacket, entrance } from './packet-of.ts';
import { meets, type NatHook } from './rule-chain.ts';
import type { Packet } from './rule-clauses.ts';
import { translation } from './translation.ts';

export interface Foretold {
  readonly rewrite: Rewrite;
  /** In whose namespace it is rewritten. */
  readonly side: Side;
  readonly address: string;
  readonly port: number | null;
}

interface Met {
  readonly side: Side;
  readonly hook: NatHook;
  readonly packet: Packet;
}

/** The sender's own OUTPUT, before any interface shows it; else PREROUTING of the namespace that saw it last. */
function met(scene: Scene): Met | undefined {
  const { flow, path } = scene;
  if (isAt(scene, 'send')) {
    const side = flow.from === 'outside' ? undefined : flow.from;
    const out = path.sourceRoute.known ? path.sourceRoute.dev : null;
    return side && { side, hook: 'output', packet: { ...enteringPacket(scene, null), out } };
  }
  const there = arrival(scene);
  const isHosts = there.hop?.where === 'host';
  // The first packet of a flow is rewritten once: what it has become there leads no further.
  if (!there.hop || (isHosts && (flow.from === 'host' || there.rewritten))) return undefined;
  const side = there.hop.where;
  const packet = enteringPacket(scene, side === 'host' ? entrance(scene) : there.hop.name);
  return {
    side,
    hook: 'prerouting',
    packet: {
      ...packet,
      source: there.source ?? packet.source,
      destination: there.address,
      destinationPort: there.port,
    },
  };
}

/**
 * What REDIRECT makes of the destination: loopback for what the namespace itself sends, else the first address of the
 * interface that it came in by (net/netfilter/nf_nat_redirect.c).
 */
function redirected(scene: Scene, { side, hook, packet }: Met): string | undefined {
  const family = packet.destination.includes(':') ? 6 : 4;
  if (hook === 'output') return family === 6 ? '::1' : '127.0.0.1';
  const stack = scene.stacks[side];
  const link = stack && linkNamed(stack, packet.in);
  return link?.addresses.find((own) => own.family === family && own.scope !== 'link')?.address;
}

/** Undefined where no rule there rewrites it. */
export function foretold(scene: Scene & { readonly firewall: Firewall }): Foretold | undefined {
  const at = met(scene);
  const rewrite = at && translation(scene.firewall[at.side], at.packet, at.hook);
  if (!at || !rewrite) return undefined;
  const { target } = rewrite.clauses;
  const address = rewrite.address ?? (target === 'DNAT' ? at.packet.destination : redirected(scene, at));
  if (address === undefined) return undefined;
  return { rewrite, side: at.side, address, port: rewrite.port ?? at.packet.destinationPort };
}

/**
 * The rule of iptables that hands it to a port of its namespace as it is, and drops what no socket takes there
 * (net/netfilter/xt_TPROXY.c; nft goes on to the next rule instead).
 */
export function handedOver(scene: Scene & { readonly firewall: Firewall }): Foretold | undefined {
  const at = met(scene);
  if (at?.hook !== 'prerouting') return undefined;
  const rules = scene.firewall[at.side];
  const rewrite = destinationRewrites(rules).find(
    ({ rule, clauses }) =>
      clauses.target === 'TPROXY' &&
      rule.engine !== 'nft' &&
      meets(rules, rule, at.packet, 'prerouting') === true,
  );
  if (!rewrite) return undefined;
  const { destination, destinationPort } = at.packet;
  return { rewrite, side: at.side, address: destination, port: rewrite.port ?? destinationPort };
}
