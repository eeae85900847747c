/** What the far end of a tunnel throws away, seen where it lives on this host. */
import { isOfKind, NETFILTER, OTHERHOST } from '../../kernel/drops.ts';
import type { Drop } from '../../model/evidence.ts';
import { type Hop, isTunnel } from '../../model/path.ts';
import type { TraceEvent } from './line.ts';

/** By a firewall there, or by its tunnel, which has no such number: drivers/net/vxlan/vxlan_core.c. */
const REFUSED = new RegExp(`${NETFILTER.source}|^(VXLAN_\\w+|vxlan_rcv)$`);

/**
 * The frame, since it has another MAC address, or the outer packet on its way into the tunnel. A kernel that tells no reason
 * names the function; where it tells neither, that much is not denied. `seen`: where the packet was last.
 */
export function isRefusedThere(
  told: Pick<Drop, 'reason' | 'function'>,
  seen: { readonly device: string; readonly event: TraceEvent },
  last: Hop | undefined,
): boolean {
  if (!last || !isTunnel(last.kind)) return false;
  if (seen.device === last.name) return isOfKind(told, OTHERHOST) !== false;
  return seen.event.event === 'netif_receive_skb' && isOfKind(told, REFUSED) !== false;
}
