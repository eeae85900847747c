import { owner } from '../owner.ts';

export default owner({
  name: 'libvirt',
  tables: /^libvirt_network$/,
  chains: /^LIBVIRT_/,
  configuredAt: () => 'the libvirt network (virsh net-list, virsh net-edit)',
});
