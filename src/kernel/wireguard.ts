/** To which of its peers a WireGuard interface sends a packet. */
import type { WireGuardPeer } from '../model/facts.ts';
import { within } from './nat.ts';

/** The peer of `dev` that gets packets for an address: that of the longest prefix (drivers/net/wireguard/allowedips.c). */
export function peerFor(
  peers: readonly WireGuardPeer[],
  dev: string,
  address: string,
): WireGuardPeer | undefined {
  const covering = peers.flatMap((peer) =>
    (peer.dev === dev ? peer.allowed : [])
      .filter((cidr) => within(address, cidr))
      .map((cidr) => ({ peer, length: Number(cidr.split('/')[1]) })),
  );
  return covering.toSorted((a, b) => b.length - a.length)[0]?.peer;
}
