import { owner } from '../owner.ts';

export default owner({
  name: 'calico',
  tables: /^calico$/,
  chains: /^(cali|filter-cali)-/,
  comments: /^cali:/,
  configuredAt: () =>
    "Calico's policies (calicoctl get networkpolicy, globalnetworkpolicy) and FelixConfiguration",
});
