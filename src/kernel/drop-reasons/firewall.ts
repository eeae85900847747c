/**
 * Drops by firewalls and what hangs in their hooks: net/netfilter. NETFILTER_DROP since 5.18; a verdict of nf_tables is
 * freed where
 * the rule is (nft_do_chain) on kernels since 6.8, that of any other hook in nf_hook_slow.
 */
import type { DropTable } from '../drop-meaning.ts';

const rule = {
  checks: 'a firewall rule or the policy of a chain drops it',
  decides: 'nft list ruleset, iptables-save, iptables-legacy-save of the namespace where it was dropped',
  setBy: 'the runtime, a firewall (ufw, firewalld), a VPN client, or a person',
  mends: 'an exception before the rule',
};
const queue = {
  checks: 'a rule hands it to a program (NFQUEUE), and no program reads that queue, or its queue is full',
  decides: 'cat /proc/net/netfilter/nfnetlink_queue',
  setBy: 'an intrusion detector or interactive firewall that is not running',
  mends: 'starting the program, or bypass in the rule',
};

export default {
  NETFILTER_DROP: rule,
  nft_do_chain: rule,
  ipt_do_table: rule,
  ebt_do_table: { ...rule, decides: 'ebtables-save' },
  arpt_do_table: { ...rule, decides: 'arptables-save' },
  nf_hook_slow: {
    checks:
      'something in a netfilter hook refuses it: a rule of iptables-legacy, connection tracking (its table is full), or address translation that finds no free port',
    decides:
      'iptables-legacy-save; net.netfilter.nf_conntrack_count and _max; the range of ports of a MASQUERADE, SNAT or DNAT rule; conntrack -S (drop, insert_failed)',
    setBy: 'old rules, many connections, a translation to few ports',
    mends: 'a larger table, or a wider range of ports',
  },
  nf_queue: queue,
  __nf_queue: queue,
  nfqnl_enqueue_packet: queue,
  nf_reinject: { ...queue, checks: 'the program that reads the queue of an NFQUEUE rule refused it' },
  br_nf_pre_routing_finish: {
    checks:
      'bridged frames pass the IP firewall here (br_netfilter), and after a translation no route leads on',
    decides:
      'net.bridge.bridge-nf-call-iptables, the DNAT or REDIRECT rule met, route_localnet of the bridge',
    setBy: 'br_netfilter, which runtimes load for all bridges of the host',
    mends: 'a destination that the bridge’s host may route to',
  },
  BPF_CGROUP_EGRESS: {
    checks: 'a BPF program attached to the control group of the sender refuses it',
    decides: 'bpftool cgroup tree; systemctl show -p IPAddressDeny UNIT',
    setBy: 'systemd (IPAddressDeny=), security agents',
    mends: 'an exception where the program is configured',
  },
  SOCKET_FILTER: {
    checks: 'a filter of the receiving socket or of its control group refuses it',
    decides: 'the program itself (SO_ATTACH_FILTER), bpftool cgroup tree',
    setBy: 'the program, systemd (IPAddressDeny=), security agents',
    mends: 'an exception where the filter is configured',
  },
  SECURITY_HOOK: {
    checks: 'a security module (SELinux, AppArmor, Smack) refuses it',
    decides: 'ausearch -m avc, the labels of process, port and packet',
    setBy: 'the policy of the distribution',
    mends: 'a policy that allows it',
  },
} satisfies DropTable;
