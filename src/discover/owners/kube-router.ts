import { owner } from '../owner.ts';

export default owner({
  name: 'kube-router',
  chains: /^KUBE-(NWPLCY|POD-FW|ROUTER|SRC|DST)/,
  comments: /^kube-router /,
  advice: () => 'Allow it in a NetworkPolicy of the namespace.',
  rewrites: 'at its next sync (`--iptables-sync-period`)',
  configuredAt: () => 'the NetworkPolicy of the namespace (kubectl get networkpolicies -A)',
});
