import { fault } from '../fault.ts';

export default fault({
  id: 'bridge-vlan-mismatch',
  title: 'The port is a member of no VLAN',
  lecture: `A bridge that filters VLANs drops a frame without a tag at a port without a PVID.`,
  inject: (net) => [
    { argv: ['ip', 'link', 'set', 'dev', net.segment.bridge, 'type', 'bridge', 'vlan_filtering', '1'] },
    { argv: ['bridge', 'vlan', 'del', 'vid', '1', 'dev', net.container.port] },
  ],
});
