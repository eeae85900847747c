import { owner } from '../owner.ts';

export default owner({
  name: 'lxd',
  tables: /^lxd$/,
  comments: /^generated for LXD /,
  advice: ({ family }) =>
    family === 'bridge'
      ? '`security.mac_filtering`, `security.ipv4_filtering` and `security.ipv6_filtering` of the NIC have LXD write such rules, by the addresses it has in its configuration (lxc config show --expanded INSTANCE).'
      : '`lxc network acl rule add` lets it pass; `ipv4.firewall=false` of the network has LXD write no such rules.',
  rewrites: 'when the instance, the network or the daemon starts',
  configuredAt: () => 'the LXD network and its ACLs (lxc network show, lxc network acl list)',
});
