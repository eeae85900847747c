import { owner } from '../owner.ts';

export default owner({
  name: 'cilium',
  chains: /^(OLD_)?CILIUM_/,
  comments: /^cilium(:| )/,
  rewrites: 'when the agent starts or its configuration changes',
  marks: [{ value: 0x200, mask: 0xf00, is: "Cilium's mark of what goes to its proxy" }],
  configuredAt: () => 'Cilium (cilium config view, CiliumNetworkPolicy)',
});
