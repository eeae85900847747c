import { owner } from '../owner.ts';

export default owner({
  name: 'kube-proxy',
  tables: /^kube-proxy$/,
  // Chains of kube-router's and kubelet's network policies begin so too, and have another owner.
  chains: /^KUBE-(?!NWPLCY|POD-FW|ROUTER|SRC|DST)/,
  comments: /^kubernetes /,
  configuredAt: () => 'the Kubernetes Service (kubectl get services -A) and the configuration of kube-proxy',
});
