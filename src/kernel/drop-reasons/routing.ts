/**
 * Drops for want of a way: net/ipv4/route.c (ip_error), ip_output.c, ip_forward.c, net/ipv6/route.c (ip6_pkt_drop),
 * ip6_output.c. IP_OUTNOROUTES since 5.18, IP_INADDRERRORS and IP_INNOROUTES since 6.3.
 */
import type { DropTable } from '../drop-meaning.ts';

const forwarding = {
  checks:
    'this host does not forward on the interface the packet came in by, or may not route to where it goes',
  decides: 'net.ipv4.ip_forward, net.ipv4.conf.*.forwarding, and the routes',
  setBy: 'whoever hardens the host or reloads sysctl.conf after the runtime started',
  mends: 'sysctl -w net.ipv4.ip_forward=1',
};
const noRoute = {
  checks:
    'no route of this host leads to the destination, or the one that does says unreachable, prohibit or blackhole',
  decides: 'ip route, ip rule and the mark of the packet: ip route get DESTINATION from SOURCE iif INTERFACE',
  setBy: 'an uplink that went down, a policy table without a default route, a reject route of a VPN',
  mends: 'the missing route',
};
const ofParent = {
  ...noRoute,
  checks:
    "the routes beside the ipvlan's parent, which decide for its children of layer 3, lead to no destination like this",
};

export default {
  IP_INADDRERRORS: forwarding,
  IP_INNOROUTES: noRoute,
  IP_OUTNOROUTES: {
    ...noRoute,
    checks:
      'no route leads from this namespace to the destination, as the packet is after rules and marks have changed it',
  },
  ip_error: {
    ...noRoute,
    checks:
      'the route that the packet found is an error: forwarding is off on its interface, or its way is unreachable, prohibited or missing',
    decides: 'net.ipv4.conf.*.forwarding, ip route and ip rule',
  },
  ip_forward: {
    checks:
      'it could not be forwarded: its time to live was used up, it is too big and may not be fragmented, or a strict source route forbids it',
    decides: 'the packet’s TTL, the MTU of the interface it leaves by',
    mends: 'a larger TTL at the sender, or an MTU that the whole way carries',
  },
  ip6_forward: {
    checks:
      'it could not be forwarded: IPv6 forwarding is off, the hop limit was used up, it is too big, or its scope ends here',
    decides: 'net.ipv6.conf.all.forwarding, the packet’s hop limit, the MTU',
    mends: 'sysctl -w net.ipv6.conf.all.forwarding=1, or what else applies',
  },
  ip6_pkt_drop: noRoute,
  ipvlan_process_v4_outbound: ofParent,
  ipvlan_process_v6_outbound: ofParent,
  ip_rcv_finish_core: {
    checks: 'the input routing refused it: its source or destination may not come in by this interface',
    decides: 'rp_filter, accept_local, route_localnet, and the routes of this namespace',
    mends: 'the setting that applies: log_martians=1 makes the kernel say which',
  },
  ip_route_input_slow: {
    checks:
      'the input routing refused it as a martian: its source or destination may not come in by this interface',
    decides: 'rp_filter, accept_local, route_localnet, and the routes of this namespace',
    mends: 'the setting that applies: log_martians=1 makes the kernel say which',
  },
  IP_INHDR: {
    checks:
      'its IP header is used up or broken: the time to live ran out, the version or length is wrong, or options are refused',
    decides: 'the sender’s TTL, rules that set it, loops of routes',
    setBy: 'a sender or a TTL rule that starts with 1 (metadata services answer so on purpose)',
    mends: 'a larger TTL where the packet begins',
  },
  IP_NOPROTO: {
    checks: 'nobody here takes that IP protocol',
    decides: 'which protocols and tunnels are loaded in this namespace',
    mends: 'the module or tunnel that takes it',
  },
  UNHANDLED_PROTO: {
    checks: 'nobody here takes packets of that Ethernet type on this device',
    decides: 'addresses and IPv6 of the device, raw sockets, VLANs and bridges on it',
    mends: 'an address, VLAN or bridge on the device that takes it',
  },
  INVALID_PROTO: { checks: 'its protocol is none that this device carries' },
  PKT_TOO_BIG: {
    checks: 'it is larger than the MTU of the interface it should leave by, and may not be fragmented',
    decides: 'ip link mtu, mtu of the route, path MTU discovery',
    setBy: 'tunnels and VPNs, jumbo frames on one side only',
    mends: 'an MTU that the whole way carries, or MSS clamping (TCPMSS --clamp-mss-to-pmtu)',
  },
  PKT_TOO_SMALL: { checks: 'it is shorter than its own headers say' },
  HDR_TRUNC: { checks: 'it ends before its headers do' },
  DUP_FRAG: { checks: 'the same fragment came twice' },
  FRAG_REASM_TIMEOUT: {
    checks: 'not all of its fragments came in time',
    decides: 'net.ipv4.ipfrag_time; the loss of one fragment',
    mends: 'packets that need no fragments (an MTU the way carries)',
  },
  FRAG_TOO_FAR: {
    checks: 'its fragments came in too different an order',
    decides: 'net.ipv4.ipfrag_max_dist',
  },
  IPV6DISABLED: {
    checks: 'IPv6 is disabled on the interface',
    decides: 'net.ipv6.conf.*.disable_ipv6',
    setBy: 'a runtime that sets up networks without IPv6, or hardening',
    mends: 'sysctl -w net.ipv6.conf.INTERFACE.disable_ipv6=0',
  },
  IPV6_BAD_EXTHDR: { checks: 'one of its IPv6 extension headers is refused' },
  IPV6_NDISC_FRAG: { checks: 'a neighbour discovery message was fragmented, which is forbidden' },
  IPV6_NDISC_HOP_LIMIT: {
    checks: 'a neighbour discovery message came through a router: its hop limit is not 255',
  },
  IPV6_NDISC_BAD_CODE: { checks: 'a neighbour discovery message has a wrong code' },
  IPV6_NDISC_BAD_OPTIONS: { checks: 'a neighbour discovery message has broken options' },
  XFRM_POLICY: {
    checks: 'an IPsec policy forbids it, or wants it protected and it is not',
    decides: 'ip xfrm policy, ip xfrm state',
    setBy: 'strongSwan, Libreswan, Cilium and Docker swarm encryption',
    mends: 'bringing the tunnel up, or an exception for this traffic',
  },
  RECURSION_LIMIT: {
    checks: 'it went round in this host through too many devices',
    decides: 'tunnels and bridges that lead into each other',
    mends: 'a route to the tunnel’s far end that does not lead into the tunnel',
  },
} satisfies DropTable;
