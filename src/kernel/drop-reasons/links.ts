/**
 * Drops on links: queues, traffic control, XDP, drivers (net/core/dev.c, net/sched, drivers/net). TC_INGRESS, TC_EGRESS,
 * XDP and QDISC_DROP since 5.18.
 */
import type { DropTable } from '../drop-meaning.ts';

const queue = {
  checks:
    'the queue of the interface took no more, or takes nothing: it is full, shaped, loses on purpose (netem), or the link is down',
  decides: 'tc -s qdisc show dev INTERFACE, ip link',
  setBy: 'bandwidth limits of a runtime or plug-in (tbf), a tester (netem), a link without carrier',
  mends: 'a longer queue or higher rate, or the link up',
};
const tc = (way: string) => ({
  checks: `a traffic-control filter or program drops what ${way} the interface`,
  decides: 'tc filter show dev INTERFACE ingress (egress); bpftool net',
  setBy: 'CNI plug-ins (Cilium, Calico), policers, bandwidth tools',
  mends: 'the filter’s owner, or tc filter del',
});
const xdp = {
  checks: 'an XDP program at the interface drops it',
  decides: 'ip link show dev INTERFACE, bpftool net',
  setBy: 'load balancers and filters (Cilium, Katran, fail2ban helpers)',
  mends: 'an exception in the program, or ip link set dev INTERFACE xdp off',
};
const away = {
  checks: 'the interface it should leave by, or the other end of its pair, is down or gone',
  decides: 'ip link show, at both ends',
  mends: 'ip link set up at the end that is down',
};

export default {
  QDISC_DROP: queue,
  QDISC_OVERLIMIT: { ...queue, checks: 'the queue of the interface is full' },
  QDISC_CONGESTED: { ...queue, checks: 'the queue discipline thinned it out, to keep delays short' },
  CAKE_FLOOD: { ...queue, checks: 'the cake queue took its flow for a flood' },
  FQ_BAND_LIMIT: { ...queue, checks: 'the fq queue has too many packets of its priority' },
  FQ_HORIZON_LIMIT: { ...queue, checks: 'its sending time lies too far ahead for the fq queue' },
  FQ_FLOW_LIMIT: { ...queue, checks: 'the fq queue has too many packets of its flow' },
  DUALPI2_STEP_DROP: { ...queue, checks: 'the dualpi2 queue is longer than it may be' },
  QUEUE_PURGE: { ...queue, checks: 'the queue it stood in was emptied: a link or device went down' },
  __dev_queue_xmit: queue,
  noop_enqueue: away,
  TC_INGRESS: tc('enters'),
  TC_EGRESS: tc('leaves'),
  TC_COOKIE_ERROR: tc('enters or leaves'),
  TC_CHAIN_NOTFOUND: {
    ...tc('passes'),
    checks: 'a traffic-control filter leads to a chain that does not exist',
  },
  TC_RECLASSIFY_LOOP: { ...tc('passes'), checks: 'traffic-control filters send it round in a circle' },
  XDP: xdp,
  do_xdp_generic: xdp,
  veth_xdp_rcv: xdp,
  veth_xdp_rcv_skb: xdp,
  CPU_BACKLOG: {
    checks: 'a processor’s queue of received packets is full',
    decides: 'net.core.netdev_max_backlog, the load of the machine',
    mends: 'a larger netdev_max_backlog, or less load on that processor (RPS)',
  },
  FULL_RING: {
    checks: 'the ring of the device is full: nobody takes packets out of it',
    decides: 'the program behind a tun, tap or vhost device; txqueuelen',
    setBy: 'a VPN, slirp4netns or virtual machine that stands still',
    mends: 'the program that reads the device',
  },
  DEV_READY: away,
  DEV_HDR: {
    checks: 'the device could not write its header',
    decides: 'the neighbour entry and the kind of device',
  },
  TAP_FILTER: {
    checks: 'a filter of the tap device refuses it',
    decides: 'the program that attached the filter',
  },
  TAP_TXFILTER: { checks: 'the address filter of the tap device refuses it' },
  veth_xmit: away,
  wg_xmit: {
    checks: 'WireGuard knows no peer that takes this destination, or none whose address is known',
    decides: 'wg show INTERFACE allowed-ips, and endpoints',
    setBy: 'wg-quick, Tailscale, a mesh controller',
    mends: 'the destination in the allowed-ips of the right peer',
  },
  vlan_do_receive: {
    checks: 'no interface of this host takes its VLAN, or that interface is down',
    decides: 'ip -d link (vlan id)',
    mends: 'ip link set up, or a VLAN interface with its id',
  },
  SKB_CSUM: { checks: 'its checksum could not be computed', decides: 'offload settings: ethtool -k' },
  SKB_GSO_SEG: { checks: 'it could not be cut into segments', decides: 'offload settings: ethtool -k' },
  SKB_UCOPY_FAULT: { checks: 'its bytes could not be copied from the program' },
  NOMEM: { checks: 'the kernel had no memory for it', decides: 'free memory; dmesg' },
  PFMEMALLOC: { checks: 'memory is short: only what frees memory may come in' },
  PROTO_MEM: {
    checks: 'the sockets of its protocol use all the memory they may',
    decides: 'net.ipv4.tcp_mem, udp_mem',
  },
  PACKET_SOCK_ERROR: { checks: 'a packet socket could not take it: no loss of the packet itself' },
  CAN_RX_INVALID_FRAME: { checks: 'it is no valid CAN frame' },
  CANFD_RX_INVALID_FRAME: { checks: 'it is no valid CAN FD frame' },
  CANXL_RX_INVALID_FRAME: { checks: 'it is no valid CAN XL frame' },
  PSP_INPUT: { checks: 'it is not encrypted with PSP as its connection wants' },
  PSP_OUTPUT: { checks: 'it could not be encrypted with PSP' },
} satisfies DropTable;
