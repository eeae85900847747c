import { owner } from '../owner.ts';

export default owner({
  name: 'libvirt',
  tables: /^libvirt_network$/,
  chains: /^LIBVIRT_/,
  advice: () =>
    "A network with `<forward mode='open'/>` gets no rules from libvirt; one with mode 'route' lets in what is routed to it.",
  rewrites: 'when the network starts, and when libvirtd does',
  configuredAt: () => 'the libvirt network (virsh net-list, virsh net-edit)',
});
