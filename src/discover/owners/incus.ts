import { owner } from '../owner.ts';

export default owner({
  name: 'incus',
  tables: /^(incus|lxd)$/,
  comments: /^generated for (Incus|LXD) /,
  configuredAt: () => 'the Incus or LXD network and its ACLs (incus network show, incus network acl list)',
});
