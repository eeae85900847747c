/** What the kernel's own account of its drops says for and against a claim, and what a half-told one may say. */
import type { Drop } from '../model/evidence.ts';
import type { Scene } from '../model/scene.ts';
import { SAYS_NOTHING } from './drop-reason.ts';

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

/**
 * Whatever ends a packet but a filter: rules, programs and queues throw away on purpose what they do, and addresses, routes
 * and neighbours that are wrong bring none of it about.
 */
export const NO_FILTER =
  /^(?!(NETFILTER_DROP|nft_do_chain|nf_hook_slow\w*|ip6?t_do_table|TC_\w+|tcf?_\w+|cls_bpf_classify|sch_handle_\w+|__netif_receive_skb_core.*|XDP|\w*xdp\w*|QDISC_\w+|BPF_CGROUP_EGRESS|SOCKET_FILTER)$)/;

/** Refused by input routing for its address, before any route was followed (ip_route_input_slow, fib_validate_source). */
export const MARTIAN = /^IP_(LOCAL_SOURCE|INVALID_SOURCE|LOCALNET)$/;

/** Nothing led to where it goes: input routing (ip_error, ip6_pkt_discard), or an ipvlan's parent (drivers/net/ipvlan/ipvlan_core.c). */
export const NO_ROUTE = /^(IP_INNOROUTES|ip6_pkt_discard\w*|ipvlan_process_\w*outbound)$/;

/** A transmit queue that takes nothing, as of a link without carrier (net/core/dev.c). */
export const QUEUE = /^(QDISC_DROP|__dev_queue_xmit|__dev_xmit_skb|noop_enqueue|DEV_READY)$/;

/** At the receiving socket, or for want of one (tcp_ipv4.c, udp.c). */
export const AT_SOCKET = /^(NO_SOCKET|SOCKET_\w+|TCP_\w+|_*(tcp|udp)\w*)$/;

/**
 * No name of a place: an address (`%p` prints it bare before 5.15, hashed after, until `%pS` came), or a function that
 * frees packets for everybody.
 */
const NO_PLACE =
  /^(unknown|(0x)?[0-9a-f]{8,16}|_*(dev_|napi_)?k?free_skb\w*|_*consume_skb\w*|sk_skb_reason_drop|skb_release_\w+|skb_queue_purge\w*|napi_get_frags_check)$/;

/**
 * Functions whose name alone leaves everything open: they throw away frames for another's address, with a broken header or
 * a wrong checksum (ip_input.c, ip6_input.c), which kernels before 5.17 tell no reason for.
 */
const MANY_REASONS = /^ip6?_rcv_core\b/;

type Told = Pick<Drop, 'reason' | 'function'>;

const hasReason = ({ reason }: Told): boolean => !SAYS_NOTHING.test(reason);
const hasPlace = (drop: Told): boolean =>
  !NO_PLACE.test(drop.function) && (hasReason(drop) || !MANY_REASONS.test(drop.function));

/** Neither why nor where in the kernel: such a drop says only that and on which way something was thrown away. */
export const isHalfTold = (drop: Told): boolean => !hasReason(drop) && !hasPlace(drop);

/** Reasons that several functions give: without the function they leave open which of them it was. */
const MANY_PLACES = /^NETFILTER_DROP$/;

/** Is it a drop of this kind? Null: too little was told to say. */
export function isOfKind(drop: Told, pattern: RegExp): boolean | null {
  if (hasReason(drop) && pattern.test(drop.reason)) return true;
  if (hasPlace(drop)) return pattern.test(drop.function);
  return hasReason(drop) && !MANY_PLACES.test(drop.reason) ? false : null;
}

export const isConsequence = (drop: Told): boolean =>
  CONSEQUENCE.test(drop.reason) || CONSEQUENCE.test(drop.function);

type Dropping = Pick<Scene, 'drops'>;
const drops = (scene: Dropping): readonly Drop[] => (scene.drops.known ? scene.drops.value : []);

/** The kernel told of a drop of this kind. */
export const confirmed = (scene: Dropping, pattern: RegExp): boolean =>
  drops(scene).some((drop) => isOfKind(drop, pattern) === true);

/** The kernel told of a drop, and of none that can be of this kind: the packet ended elsewhere. */
export function refuted(scene: Dropping, pattern: RegExp): boolean {
  const telling = drops(scene).filter((drop) => !isConsequence(drop) && !isHalfTold(drop));
  return telling.length > 0 && drops(scene).every((drop) => !mayBe(drop, pattern));
}

/** A half-told drop that stands beside a told one is no excuse for every claim. */
const mayBe = (drop: Drop, pattern: RegExp): boolean =>
  !isHalfTold(drop) && isOfKind(drop, pattern) !== false;

/**
 * Did the kernel say it dropped the probe in one of these functions or for one of these reasons?
 * `null` when it could not be asked, said nothing at all, or not enough: a copy that a switch flooded here as well is no
 * end of the packet.
 */
export function droppedBy(scene: Dropping, pattern: RegExp): boolean | null {
  const kinds = drops(scene)
    .filter((drop) => !OTHERHOST.test(drop.reason) || isOfKind(drop, pattern) === true)
    .map((drop) => isOfKind(drop, pattern));
  if (kinds.length === 0) return null;
  if (kinds.includes(true)) return true;
  return kinds.includes(null) ? null : false;
}

/** The drop that ended the probe, if the kernel told one. */
export const theDrop = (scene: Dropping): Drop | undefined => drops(scene)[0];

/**
 * The drops that ended the packets the verdict is about: told with reason or function, on the way on which they are
 * lost, and no mere consequence.
 */
export const endings = (scene: Pick<Scene, 'drops' | 'place'>): Drop[] =>
  drops(scene).filter(
    (drop) =>
      !isHalfTold(drop) &&
      !isConsequence(drop) &&
      (scene.place === null || drop.direction === null || drop.direction === scene.place.direction),
  );

/** Did a request end on this host's own path? A drop that belongs to none of its hops is another namespace's. */
export const droppedHere = (scene: Dropping): boolean =>
  drops(scene).some(({ hop, direction }) => hop !== null && direction !== 'reply');

/**
 * Did the kernel's account follow the packet to where it is lost, and tell of no drop? Else silence proves nothing: the
 * trace names devices without their namespaces, and takes two of one name for one.
 */
export const keptSilent = (scene: Pick<Scene, 'drops' | 'followed'>): boolean =>
  scene.drops.known && scene.drops.value.length === 0 && scene.followed !== false;

/** Nothing matches: for claims that expect no drop at all. */
export const NOTHING = /^$/;
