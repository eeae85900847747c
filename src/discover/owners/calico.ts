import { owner } from '../owner.ts';

export default owner({
  name: 'calico',
  tables: /^calico$/,
  chains: /^(cali|filter-cali)-/,
  comments: /^cali:/,
  advice: () =>
    "Write a NetworkPolicy that allows it; FelixConfiguration's `iptablesMarkMask` keeps Calico's marks apart from others'.",
  rewrites: "at Felix's next refresh (`iptablesRefreshInterval`)",
  configuredAt: () =>
    "Calico's policies (calicoctl get networkpolicy, globalnetworkpolicy) and FelixConfiguration",
});
