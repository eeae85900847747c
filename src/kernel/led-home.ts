/** A request that this host's own rule rewrites to the address of the one who asks. */
import type { Firewall, RuleHit } from '../model/facts.ts';
import { isHostAddress, type Scene, seen } from '../model/scene.ts';
import type { Sighting } from '../model/sighting.ts';
import { linkHolding, type Stack } from '../model/stack.ts';
import { isLoopback } from './arrival.ts';
import { BRIDGE, confirmed, MARTIAN, refuted } from './drops.ts';
import { markLeft } from './mark-left.ts';
import { destinationRewrites, type Rewrite } from './nat-rules.ts';
import { natToday, type Today } from './nat-today.ts';
import { enteringPacket, entrance } from './packet-of.ts';
import { decide } from './routing.ts';
import { meets } from './rule-chain.ts';
import type { Packet } from './rule-clauses.ts';

/** Where such a packet ends: at the bridge port it came from, or where it comes home (kernels before 6.13 give no reason). */
const ENDS_SO = new RegExp(`${BRIDGE.source}|${MARTIAN.source}|^ip_(rcv_finish_core|route_input_\\w+)$`);

/** The request as it was seen once it had been rewritten so that both its ends are the asker's own. */
export const seenAtHome = (
  { flow }: Pick<Scene, 'flow'>,
  asker: Stack,
  requests: readonly Sighting[],
): Sighting | undefined =>
  requests.find(
    ({ source, destination }) =>
      // What it asked by its own address never left it, and nobody rewrote that.
      destination !== flow.address && [source, destination].every((one) => linkHolding(asker, one)),
  );

export interface LedHome {
  readonly rewrite: Rewrite;
  /** The asker's own. */
  readonly address: string;
  /** A capture saw it so, or the kernel said that it ended as such a packet does. */
  readonly isSeen: boolean;
}

type Led = Scene & { readonly firewall: Firewall; readonly ruleHits: readonly RuleHit[] };

const askerOf = ({ flow, stacks }: Pick<Scene, 'flow' | 'stacks'>): Stack | null =>
  flow.from === 'container' ? stacks.container : flow.from === 'other' ? stacks.other : null;

/** Undefined where the asker asks an address of this host, or its own: a published port is another matter. */
export function ledHome(scene: Led): LedHome | undefined {
  const { flow, place } = scene;
  const asker = askerOf(scene);
  if (asker === null || place?.direction !== 'request' || refuted(scene, ENDS_SO)) return undefined;
  if (isHostAddress(scene, flow.address) || linkHolding(asker, flow.address)) return undefined;
  const { firewall } = scene;
  const packet = enteringPacket(scene, entrance(scene));
  const rewrite = destinationRewrites(firewall.host).find(
    ({ rule }) => meets(firewall.host, rule, packet, 'prerouting') !== false,
  );
  // A loopback address is that of whoever rewrote it.
  if (!rewrite?.address || isLoopback(rewrite.address) || !linkHolding(asker, rewrite.address))
    return undefined;
  const requests = scene.sightings.filter(({ kind }) => kind === 'request');
  const came = seenAtHome(scene, asker, requests) !== undefined;
  if (!came && meets(firewall.host, rewrite.rule, packet, 'prerouting') !== true) return undefined;
  return { rewrite, address: rewrite.address, isSeen: came || confirmed(scene, ENDS_SO) };
}

/** The mark that the request was seen with last, else the one that the rules give it before it is routed. */
function markOf({ ruleHits, firewall }: Led, packet: Packet): number | undefined {
  const seenWith = ruleHits.findLast(
    ({ side, direction, mark }) => side === 'host' && direction === 'request' && mark !== undefined,
  );
  return seenWith?.mark ?? markLeft(firewall.host, packet, 'prerouting');
}

/**
 * What the rules make of its source on the way back to the asker. Rewritten, the asker takes it for somebody else's: that is how
 * a service reaches itself (kube-proxy marks it for that, Docker masquerades it), and no fault of the rule that leads it home.
 */
export function sourceHome(scene: Led, { rewrite, address }: LedHome): Today {
  const { flow, path, stacks, firewall } = scene;
  const asker = askerOf(scene);
  const home = path.hops.find(({ where }) => where === flow.from);
  // What came in with its own address was not rewritten, whatever the rules say.
  if (asker && home && seenAtHome(scene, asker, seen(scene, home.id, 'request')))
    return { kind: 'untouched' };
  const entering = enteringPacket(scene, entrance(scene));
  const route = decide(stacks.host, { family: flow.family, destination: address, source: null, iif: null });
  const mark = markOf(scene, entering);
  return natToday(
    firewall.host,
    {
      ...entering,
      destination: address,
      destinationPort: rewrite.port ?? flow.port,
      in: null,
      out: route.kind === 'route' ? route.route.dev : entering.in,
      ...(mark === undefined ? {} : { mark }),
    },
    'postrouting',
  );
}
