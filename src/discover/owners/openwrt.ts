import { owner } from '../owner.ts';

export default owner({
  name: 'openwrt',
  tables: /^fw4$/,
  comments: /^!fw[34]/,
  rewrites: 'with `service firewall restart`, and at boot',
  configuredAt: () => '/etc/config/firewall (uci show firewall)',
});
