import { owner } from '../owner.ts';

export default owner({
  name: 'kube-proxy',
  tables: /^kube-proxy$/,
  // Chains of kube-router's and kubelet's network policies begin so too, and have another owner.
  chains: /^KUBE-(?!NWPLCY|POD-FW|ROUTER|SRC|DST)/,
  comments: /^kubernetes /,
  advice(rule) {
    if (/KUBE-(FIREWALL|MARK-DROP)/.test(rule.chain))
      return "The bit is kubelet's `--iptables-drop-bit` (15, that is 0x8000) or kube-proxy's `--iptables-masquerade-bit` (`iptables.masqueradeBit`, 14, that is 0x4000): move it, or the other program's mark, so that no two programs use one bit.";
    return /masq/i.test(rule.text)
      ? '`--iptables-masquerade-bit` (`iptables.masqueradeBit`) chooses the bit, `--cluster-cidr` and `--masquerade-all` what is masqueraded.'
      : null;
  },
  rewrites: 'at its next sync, every 30 s unless `syncPeriod` says otherwise',
  marks: [
    { value: 0x4000, mask: 0x4000, is: "kube-proxy's masquerade bit, chosen by `--iptables-masquerade-bit`" },
    { value: 0x8000, mask: 0x8000, is: "kubelet's drop bit, chosen by `--iptables-drop-bit`" },
  ],
  configuredAt: () => 'the Kubernetes Service (kubectl get services -A) and the configuration of kube-proxy',
});
