import { owner } from '../owner.ts';

export default owner({
  name: 'cilium',
  chains: /^(OLD_)?CILIUM_/,
  comments: /^cilium(:| )/,
  configuredAt: () => 'Cilium (cilium config view, CiliumNetworkPolicy)',
});
