import { owner } from '../owner.ts';

export default owner({
  name: 'incus',
  tables: /^incus$/,
  comments: /^generated for Incus /,
  advice: ({ family }) =>
    family === 'bridge'
      ? '`security.mac_filtering`, `security.ipv4_filtering` and `security.ipv6_filtering` of the NIC have Incus write such rules, by the addresses it has in its configuration (incus config show --expanded INSTANCE).'
      : '`incus network acl rule add` lets it pass; `ipv4.firewall=false` of the network has Incus write no such rules.',
  rewrites: 'when the instance, the network or the daemon starts',
  configuredAt: () => 'the Incus network and its ACLs (incus network show, incus network acl list)',
});
