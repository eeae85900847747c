import { owner } from '../owner.ts';

export default owner({
  name: 'cni',
  tables: /^cni_/,
  // CNI-ADMIN is where a person puts rules that CNI leaves alone.
  chains: /^CNI-(?!ADMIN$)/,
  comments: /^CNI |^name: ".*" id: "/,
  rewrites: 'when a container of the network starts',
  configuredAt: () =>
    "the network's configuration in /etc/cni/net.d; rules of your own belong in the chain CNI-ADMIN",
});
