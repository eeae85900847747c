import { owner } from '../owner.ts';

export default owner({
  name: 'flannel',
  tables: /^flannel-ipv[46]$/,
  chains: /^FLANNEL-/,
  comments: /^flanneld /,
  advice: () => '`--ip-masq` and `--iptables-forward-rules` of flanneld say whether it writes such rules.',
  rewrites: 'every 5 s (`--iptables-resync`)',
  configuredAt: () => "flannel's net-conf.json (its ConfigMap) and the flags of flanneld",
});
