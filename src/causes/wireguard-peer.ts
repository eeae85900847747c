import { droppedBy, NOTHING, refuted } from '../kernel/drops.ts';
import { peerFor } from '../kernel/wireguard.ts';
import { type Claim, cause } from '../model/cause.ts';
import type { WireGuardPeer } from '../model/facts.ts';
import type { Hop } from '../model/path.ts';
import { exitHop, linkNow, type Scene, seen } from '../model/scene.ts';
import { fromState } from '../words/telling.ts';

type Seen = Scene & { readonly wireguard: readonly WireGuardPeer[] };

/** wg_xmit() of drivers/net/wireguard/device.c. */
const REFUSED = /^wg_xmit$/;
/** Older keys are not used (REJECT_AFTER_TIME of drivers/net/wireguard/messages.h). Seconds. */
const REJECT_AFTER = 180;

/** The WireGuard interface that the lost requests leave by. */
function wayOut(scene: Seen): Hop | undefined {
  const { place, symptom } = scene;
  const hop = exitHop(scene);
  if (!hop || place?.direction !== 'request' || (linkNow(scene, hop) ?? hop.link).kind !== 'wireguard')
    return undefined;
  const isNear = place.after?.id === hop.id || place.before?.id === hop.id;
  return isNear && ['lost', 'silence', 'error'].includes(symptom.kind) ? hop : undefined;
}

const show = ({ name }: Hop): ['wg', 'show', string] => ['wg', 'show', name];

/** No peer takes the address, or nobody knows where that peer is. */
function missing(scene: Seen, hop: Hop): Claim | null {
  if (refuted(scene, REFUSED)) return null;
  const peers = scene.wireguard.filter(({ dev }) => dev === hop.name);
  const address = scene.path.realDestination;
  const peer = peerFor(peers, hop.name, address);
  if (peer && peer.endpoint !== null) return null;
  const said = droppedBy(scene, REFUSED) === true;
  const why = peer
    ? `The peer that takes ${address} (${peer.key}) has no endpoint: ${hop.name} does not know where to send it until that peer is heard of.`
    : peers.length === 0
      ? `${hop.name} has no peer at all.`
      : `The allowed IPs of its ${peers.length === 1 ? 'peer are' : 'peers are'} ${peers.flatMap(({ allowed }) => allowed).join(', ') || 'empty'}, and none of them covers ${address}.`;
  return {
    sure: said || scene.symptom.kind === 'error' ? 'proved' : 'supported',
    what: peer
      ? `the peer of ${hop.name} that takes ${address} has no endpoint`
      : `no peer of ${hop.name} takes ${address}`,
    why,
    do: peer
      ? 'Give the peer its endpoint, or have the other side begin.'
      : `Add ${address}, or its network, to the allowed IPs of the right peer; if it is not meant to go through ${hop.name}, correct the route.`,
    evidence: [fromState(why, show(hop), hop.id)],
  };
}

/** The peer that takes it does not answer the handshake. */
function silent(scene: Seen, hop: Hop): Claim | null {
  if (refuted(scene, NOTHING) || scene.symptom.kind === 'error') return null;
  if (seen(scene, hop.id, 'request').length === 0) return null;
  const peer = peerFor(scene.wireguard, hop.name, scene.path.realDestination);
  if (!peer?.endpoint || (peer.handshake !== null && peer.handshake <= REJECT_AFTER)) return null;
  const last =
    peer.handshake === null
      ? 'There was never a handshake'
      : `The last handshake was ${peer.handshake} s ago`;
  return {
    sure: 'proved',
    what: `the peer of ${hop.name} at ${peer.endpoint} does not answer`,
    why: `${last} with the peer that takes ${scene.path.realDestination} (${peer.key}), and without one ${hop.name} carries nothing.`,
    do: `Look whether the peer is up at ${peer.endpoint}, whether UDP gets there and back, and whether each side has the other's key.`,
    evidence: [fromState(`${last.toLowerCase()} with ${peer.endpoint}`, show(hop), hop.id)],
  };
}

export default cause({
  id: 'wireguard-peer',
  title: 'No peer of WireGuard takes the destination, or the one that does is gone',
  explain: `A WireGuard interface sends each packet to the peer whose "allowed IPs" cover its destination. Where none does, or
where that peer's address is not known, the kernel throws the packet away and tells the sender "host unreachable", whatever
the routes say: wg-quick writes the routes from the allowed IPs, other programs write them apart. It comes about when a route
into the tunnel is wider than the peer's allowed IPs, when a peer was removed, and with peers that have no endpoint until they
are heard of.

Before it carries data, both peers agree on keys by a handshake, anew every two minutes while there is traffic. A peer that is
gone, that another address reaches now, that has another key, or whose UDP port is filtered, does not answer: packets wait in
the interface and are thrown away, and nothing tells the sender.

By hand: \`wg show wg0\` on both sides, and \`ip route get DESTINATION\`; no "latest handshake", or one of more than three
minutes ago while packets are sent, says that the peer is gone. \`tcpdump -ni UPLINK udp port 51820\` shows whether handshakes
leave and what comes back.`,
  needs: ['wireguard'],
  over: ['no-reply-from-destination', 'masquerade-missing', 'host-route-rejects', 'neighbour-absent'],
  explains: REFUSED,
  examine(scene) {
    const hop = wayOut(scene);
    return hop ? (silent(scene, hop) ?? missing(scene, hop)) : null;
  },
});
