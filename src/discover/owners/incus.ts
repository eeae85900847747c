import { owner } from '../owner.ts';

export default owner({
  name: 'incus',
  tables: /^(incus|lxd)$/,
  comments: /^generated for (Incus|LXD) /,
  advice: () =>
    '`incus network acl rule add` lets it pass; `ipv4.firewall=false` of the network has Incus write no such rules.',
  rewrites: 'when the network or the daemon starts',
  configuredAt: () => 'the Incus or LXD network and its ACLs (incus network show, incus network acl list)',
});
