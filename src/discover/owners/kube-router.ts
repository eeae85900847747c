import { owner } from '../owner.ts';

export default owner({
  name: 'kube-router',
  chains: /^KUBE-(NWPLCY|POD-FW|ROUTER|SRC|DST)/,
  comments: /^kube-router /,
  configuredAt: () => 'the NetworkPolicy of the namespace (kubectl get networkpolicies -A)',
});
