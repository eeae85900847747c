import { fault } from '../fault.ts';

export default fault({
  id: 'bridge-address-missing',
  title: 'The bridge has lost its address',
  lecture: `The bridge's address is its containers' gateway. Without it nobody answers their ARP request; container
reaches container, and none gets out.`,
  inject: (net) => [{ argv: ['ip', 'addr', 'flush', 'dev', net.segment.bridge] }],
});
