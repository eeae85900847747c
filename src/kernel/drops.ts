/** What the kernel's own account of its drops says for and against a claim. */
import type { Scene } from '../model/scene.ts';

/**
 * Consequences of many causes, and proof of none: a pending neighbour that was given up, the queue of a dead link, a frame
 * that others threw away, a multicast (never the probe itself) that a router has no group for.
 */
const CONSEQUENCE =
  /^(NEIGH_\w+|neigh_\w+|arp_error_report|ndisc_error_report|QUEUE_PURGE|OTHERHOST|ip6_mc_input|ip_mr_input)$/;

/** Reasons and functions of a firewall's drop. */
export const NETFILTER = /^(NETFILTER_DROP|nft_do_chain|nf_hook_slow)$/;

/** Drops inside the bridge (net/bridge/br_input.c, br_forward.c). */
export const BRIDGE = /^(BRIDGE_\w+|NO_TX_TARGET|br_\w+)$/;

/** Drops of a packet that is for somebody else (ip_input.c, ip6_input.c). */
export const OTHERHOST = /^OTHERHOST$/;

/** A transmit queue that takes nothing, as of a link without carrier (net/core/dev.c). */
export const QUEUE = /^(QDISC_DROP|__dev_queue_xmit|__dev_xmit_skb|noop_enqueue|DEV_READY)$/;

const drops = (scene: Pick<Scene, 'drops'>) => (scene.drops.known ? scene.drops.value : []);

/** The kernel told of a drop of this kind. */
export const confirmed = (scene: Pick<Scene, 'drops'>, pattern: RegExp): boolean =>
  drops(scene).some((drop) => pattern.test(drop.reason) || pattern.test(drop.function));

/** The kernel told of a drop, and of none of this kind: the packet ended elsewhere. */
export function refuted(scene: Pick<Scene, 'drops'>, pattern: RegExp): boolean {
  const telling = drops(scene).filter(
    (drop) => !CONSEQUENCE.test(drop.reason) && !CONSEQUENCE.test(drop.function),
  );
  return telling.length > 0 && !confirmed(scene, pattern);
}

/** Nothing matches: for claims that expect no drop at all. */
export const NOTHING = /^$/;
