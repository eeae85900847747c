/**
 * Drops for an address of the packet: net/ipv4/ip_input.c, net/ipv4/route.c (ip_route_input_slow, fib_validate_source),
 * net/ipv6/ip6_input.c. IP_RPFILTER since 5.18, IP_LOCAL_SOURCE, IP_LOCALNET and IP_INVALID_* since 6.13.
 */
import type { DropTable } from '../drop-meaning.ts';

export default {
  IP_LOCAL_SOURCE: {
    checks:
      "the packet came in with one of this host's own addresses as its source, which nobody else may use",
    decides:
      'net.ipv4.conf.*.accept_local; with a mark and src_valid_mark, the table that the mark selects: a local route there makes every source an own one',
    setBy:
      'a router that turned the request round without rewriting its source, or a transparent proxy beside a VPN client that sets src_valid_mark',
    mends:
      'rewriting the source where the packet is turned round, or accept_local=1 (or src_valid_mark=0) on the interface it comes in by',
  },
  IP_INVALID_SOURCE: {
    checks: 'the source address can be nobody’s: multicast, limited broadcast, zero or loopback',
    decides: 'the sender, or the rule that rewrote the source; net.ipv4.conf.*.route_localnet for loopback',
    setBy: 'a program bound to a wrong address, or a source translation',
    mends: 'sending from an address of the interface',
  },
  IP_LOCALNET: {
    checks: 'a loopback address (127.0.0.0/8) came in from, or goes to, a real interface',
    decides: 'net.ipv4.conf.INTERFACE.route_localnet (the larger of it and all)',
    setBy:
      'a DNAT or REDIRECT rule that leads to 127.0.0.1, as for the metadata of clouds and for published ports without a proxy',
    mends:
      'route_localnet=1 on the interface the packet comes in by, or a service on an address of that interface',
  },
  IP_INVALID_DEST: {
    checks: 'the destination can be nobody’s: zero, or a limited broadcast where none is taken',
    decides: 'the sender',
    mends: 'asking a unicast address',
  },
  IP_RPFILTER: {
    checks: 'the answer to its source would leave by another interface than the packet came in by',
    decides:
      'net.ipv4.conf.*.rp_filter (the larger of all and the interface’s own: 1 strict, 2 loose) and the route back to the source',
    setBy:
      'distributions and hardening guides (rp_filter=1), on hosts with several uplinks, VPNs or policy routing',
    mends: 'a route back to the source by that interface, or rp_filter=2 there',
  },
  OTHERHOST: {
    checks: 'the frame is addressed to another MAC address than that of the interface',
    decides: 'the neighbour entry of the sender',
    setBy: 'a stale or permanent neighbour entry, or a bridge that floods',
    mends: 'forgetting the entry: ip neigh flush',
  },
  UNICAST_IN_L2_MULTICAST: {
    checks: 'a unicast packet came in a broadcast or multicast frame',
    decides: 'net.ipv4.conf.*.drop_unicast_in_l2_multicast',
    setBy: 'hardening guides; a sender or cluster that addresses frames to everybody',
    mends: 'switching drop_unicast_in_l2_multicast off, or unicast frames',
  },
  IPV6_NDISC_NS_OTHERHOST: { checks: 'the neighbour solicitation asks for somebody else’s address' },
  LOCAL_MAC: {
    checks: 'the frame’s source is the MAC address of this very device',
    decides: 'MAC addresses of the segment',
    setBy: 'two interfaces with one MAC address, or a loop',
    mends: 'another MAC address for one of them',
  },
  MAC_INVALID_SOURCE: {
    checks: 'the source MAC address is not a valid one, or is the receiver’s own',
    decides: 'the sender’s MAC address',
    setBy: 'a wrong lladdr, or two interfaces with one MAC address',
    mends: 'ip link set DEVICE address',
  },
} satisfies DropTable;
