/**
 * Drops in bridges, tunnels and neighbour tables: net/bridge, drivers/net/vxlan, net/core/neighbour.c. NEIGH_* since 5.18,
 * VXLAN_* since 6.12, BRIDGE_* since 6.14; before that the function tells.
 */
import type { DropTable } from '../drop-meaning.ts';

const bridge = {
  checks:
    'the bridge does not let the frame through: the port’s state, its VLAN, isolation or locking forbid it, or no port leads to its destination',
  decides: 'bridge link, bridge vlan, bridge fdb, bridge -d link (isolated, locked, hairpin, flood)',
  setBy: 'runtimes (isolated ports, VLAN filtering), STP, people',
  mends: 'the flag of the port that applies',
};
const neighbour = {
  checks: 'nobody answered for the MAC address of the next hop',
  decides: 'ip neigh; who is on that link, and whether he answers (arp_ignore, filters)',
  setBy: 'a target that is gone, a wrong gateway, a filter of ARP or neighbour discovery',
  mends: 'the next hop that exists',
};

export default {
  NO_TX_TARGET: {
    checks:
      'the device found nowhere to send the frame: no port of the bridge, or no far end of the tunnel, takes its destination',
    decides: 'bridge fdb show, flood flags of the ports, remote of the tunnel',
    setBy: 'static entries, flooding switched off, an overlay’s agent that lags',
    mends: 'the forwarding entry, or flooding',
  },
  BRIDGE_INGRESS_STP_STATE: {
    checks: 'the bridge port it came in by does not forward yet, or is blocked (STP)',
    decides: 'bridge link (state), forward_delay and stp_state of the bridge',
    setBy: 'spanning tree on a bridge of containers',
    mends: 'bridge link set dev PORT state 3, or STP off',
  },
  MAC_IEEE_MAC_CONTROL: { checks: 'it is a pause frame, which bridges keep to themselves' },
  ARP_PVLAN_DISABLE: {
    checks: 'the ARP message is for the interface it came in by',
    decides: 'proxy_arp_pvlan',
  },
  br_handle_frame: bridge,
  br_handle_frame_finish: bridge,
  br_forward: bridge,
  __br_forward: bridge,
  br_dev_xmit: bridge,
  br_pass_frame_up: bridge,
  br_allowed_ingress: {
    ...bridge,
    checks: 'the bridge port does not take frames of its VLAN',
    decides: 'bridge vlan show',
  },
  VXLAN_INVALID_HDR: {
    checks: 'its VXLAN header has flags that this tunnel does not take',
    decides: 'gbp, gpe and remcsum of the tunnel',
  },
  VXLAN_VNI_NOT_FOUND: {
    checks: 'no VXLAN device of this host has its network identifier',
    decides: 'ip -d link show type vxlan (id), at both ends',
    setBy: 'the overlay’s controller',
    mends: 'the same identifier at both ends',
  },
  VXLAN_ENTRY_EXISTS: {
    checks: 'the sender’s MAC address is learned already and belongs to another far end',
  },
  VXLAN_NO_REMOTE: {
    checks: 'the tunnel knows no far end for it',
    decides: 'bridge fdb show dev TUNNEL',
    setBy: 'the overlay’s agent',
    mends: 'the entry that is missing',
  },
  IP_TUNNEL_ECN: { checks: 'the congestion bits of the inner and outer packet contradict each other' },
  TUNNEL_TXINFO: {
    checks: 'the tunnel was not told where to send it',
    decides: 'the route’s encap, or the program that sets the metadata',
  },
  vxlan_rcv: {
    checks: 'no VXLAN device takes it: its identifier is unknown, or the device is down',
    decides: 'ip -d link show type vxlan',
  },
  vxlan_xmit: { checks: 'the tunnel knows no far end for it', decides: 'bridge fdb show dev TUNNEL' },
  NEIGH_CREATEFAIL: {
    checks: 'no room for another neighbour',
    decides: 'net.ipv4.neigh.default.gc_thresh3',
    setBy: 'many containers or hosts on one link',
    mends: 'a larger gc_thresh3',
  },
  NEIGH_FAILED: neighbour,
  NEIGH_QUEUEFULL: { ...neighbour, checks: 'too many packets wait for the MAC address of the next hop' },
  NEIGH_DEAD: { ...neighbour, checks: 'the neighbour entry of the next hop was removed while it waited' },
  NEIGH_HH_FILLFAIL: neighbour,
  neigh_invalidate: neighbour,
  arp_error_report: neighbour,
  ndisc_error_report: neighbour,
} satisfies DropTable;
