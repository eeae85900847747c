import { forgetEntry } from '../fixes/forget-entry.ts';
import { ownerOf } from '../kernel/arrival.ts';
import { sourceOnUplink } from '../kernel/nat.ts';
import { destinationRewrites, isNotrack, type Rewrite } from '../kernel/nat-rules.ts';
import { natToday } from '../kernel/nat-today.ts';
import { enteringPacket, entrance, leavingPacket } from '../kernel/packet-of.ts';
import { meets } from '../kernel/rule-chain.ts';
import { clausesOf, fits } from '../kernel/rule-clauses.ts';
import {
  destinationRewritten,
  entriesOf,
  isMadeNow,
  namesEntry,
  sourceRewritten,
  takenTo,
} from '../kernel/tracked.ts';
import { serviceOf } from '../kernel/virtual-service.ts';
import { cause } from '../model/cause.ts';
import type { Conntrack, Firewall, RuleHit, Tracked, VirtualService } from '../model/facts.ts';
import { exitHop, isHostAddress, type Scene, seen } from '../model/scene.ts';
import { fromState } from '../words/telling.ts';

type Seen = Scene & {
  readonly conntrack: Conntrack;
  readonly firewall: Firewall;
  readonly ruleHits: readonly RuleHit[];
  readonly virtualServices: readonly VirtualService[];
};

/**
 * Entries that may be older than the probe. The rules met are those of one that is lost: where that one made its own entry, its
 * loss comes of no old one, and neither need that of the others, whose rules nobody asked for.
 */
function oldEntries(scene: Seen): Tracked[] {
  const entries = entriesOf(scene);
  return entries.some((entry) => isMadeNow(entry, scene.ruleHits)) ? [] : entries;
}

interface Stale {
  readonly entry: Tracked;
  readonly says: string;
}

/** Has the host a living neighbour of that address? */
const answers = (scene: Scene, address: string): boolean =>
  scene.stacks.host.neighbours.some((one) => one.address === address && one.mac !== null);

/** An entry that sends the flow where no rule leads any more, while another rule does lead somewhere. */
function oldDestination(scene: Seen): Stale | undefined {
  const rewrites = destinationRewrites(scene.firewall.host);
  // A rule that takes its target from a map or a set, or maps a whole network, does not tell where it leads.
  const targets = scene.firewall.host.map((rule) => clausesOf(rule).target);
  if (
    targets.includes('NETMAP') ||
    rewrites.some(
      ({ clauses, address, port }) => clauses.target === 'DNAT' && address === null && port === null,
    )
  )
    return undefined;
  const service = serviceOf(scene.virtualServices, scene.flow);
  const packet = enteringPacket(scene, entrance(scene));
  const hook = scene.flow.from === 'host' ? 'output' : 'prerouting';
  const met = (rewrite: Rewrite) => meets(scene.firewall.host, rewrite.rule, packet, hook);
  const now = rewrites.find((rewrite) => met(rewrite) !== false);
  for (const entry of oldEntries(scene)) {
    const { address, port } = takenTo(entry);
    // IPVS rewrites without a rule, and has chosen this one now.
    if (service?.servers.some((one) => one.address === address)) continue;
    if (rewrites.some((rewrite) => rewrite.rule.text.includes(address))) continue;
    // REDIRECT leads to an address of this host's own.
    if (now && now.address === null && isHostAddress(scene, address)) continue;
    if (destinationRewritten(entry) && now)
      return {
        entry,
        says: `an old connection-tracking entry still sends it to ${address}${port ? `:${port}` : ''}, and today's rule leads to ${now.address ?? 'this host'}`,
      };
    if (destinationRewritten(entry) && ownerOf(scene, address) === null && !answers(scene, address))
      return {
        entry,
        says: `an old connection-tracking entry still sends it to ${address}, to which no rule leads any more`,
      };
    if (now?.address && met(now) === true)
      return {
        entry,
        says: `an old connection-tracking entry keeps it from the rule that leads to ${now.address}`,
      };
  }
  return undefined;
}

/** An entry made before the rule that would rewrite its source today. */
function oldSource(scene: Seen): Stale | undefined {
  const leaves = sourceOnUplink(scene);
  const uplink = exitHop(scene);
  // Of several probes only those that use the old entry's port leave as they are.
  if (!leaves || !uplink) return undefined;
  if (seen(scene, uplink.id, 'request').every((one) => one.source !== leaves.source)) return undefined;
  const packet = leavingPacket(scene, leaves.source, leaves.uplink);
  const hidden = scene.firewall.host
    .map(clausesOf)
    .some((clauses) => isNotrack(clauses) && fits(clauses, enteringPacket(scene, leaves.bridge)) !== false);
  if (hidden || natToday(scene.firewall.host, packet, 'postrouting').kind !== 'rewritten') return undefined;
  const entry = oldEntries(scene).find((one) => !sourceRewritten(one));
  return (
    entry && {
      entry,
      says: 'an old connection-tracking entry, older than the rule that masquerades it, keeps its source as it was',
    }
  );
}

export default cause({
  id: 'conntrack-stale',
  title: 'An old connection-tracking entry holds the flow',
  explain: `The kernel decides about NAT once, with the first packet of a flow, and remembers it in a connection-tracking entry.
As long as packets keep coming the entry lives, and later rules are never asked. UDP senders that always use one source
port (DNS forwarders, syslog, VPN, SIP) can hold such an entry for ever.

So a container that was restarted with another address keeps missing its published UDP port, and a flow that began before
the MASQUERADE rule was written keeps leaving with a private address.

By hand: \`conntrack -L -p udp --orig-port-dst PORT\`, and compare the reply's source with where the rules lead today.`,
  needs: ['conntrack', 'firewall', 'ruleHits', 'virtualServices'],
  over: [
    'masquerade-missing',
    'dnat-wrong',
    'neighbour-absent',
    'neighbour-unanswered',
    'no-reply-from-destination',
    'no-return-route',
    'connection-refused',
    'forward-policy-drop',
    'firewall-rule-drop',
    'port-not-published',
  ],
  examine(scene) {
    if (scene.symptom.kind === 'answered' || scene.symptom.kind === 'not-sent') return null;
    if (oldEntries(scene).length === 0) return null;
    const stale = oldDestination(scene) ?? oldSource(scene);
    if (!stale) return null;
    return {
      sure: 'proved',
      what: stale.says,
      why: `The entry says: ${stale.entry.text}. Packets that fit it meet no NAT rule any more.`,
      do: 'Delete the entry; the next packet makes a new one by the rules of today.',
      fixes: [forgetEntry(stale.entry)],
      evidence: [fromState(stale.entry.text, ['conntrack', '-L', ...namesEntry(stale.entry)])],
    };
  },
});
