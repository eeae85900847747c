import { owner } from '../owner.ts';

export default owner({
  name: 'flannel',
  tables: /^flannel-ipv[46]$/,
  chains: /^FLANNEL-/,
  comments: /^flanneld /,
  configuredAt: () => "flannel's net-conf.json (its ConfigMap) and the flags of flanneld",
});
