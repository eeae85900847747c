import { fault } from '../fault.ts';

export default fault({
  id: 'rp-filter-drop',
  title: 'Strict reverse-path filtering refuses the container',
  lecture: `With rp_filter=1 the host accepts a packet only by the interface through which it would itself answer.
Here a route points to the container by another interface. Its ARP requests are refused for the same
reason.`,
  alsoRight: ['reply-route-diverted'],
  inject: (net) => [
    { argv: ['ip', 'route', 'add', `${net.container.address}/32`, 'dev', net.other.bridge] },
    { argv: ['sysctl', '-qw', `net.ipv4.conf.${net.segment.bridge}.rp_filter=1`] },
  ],
});
