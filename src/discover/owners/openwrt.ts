import { owner } from '../owner.ts';

export default owner({
  name: 'openwrt',
  tables: /^fw4$/,
  comments: /^!fw[34]/,
  configuredAt: () => '/etc/config/firewall (uci show firewall)',
});
