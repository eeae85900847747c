import { fault } from '../fault.ts';

export default fault({
  id: 'host-route-rejects',
  title: 'A route on the host throws the packets away',
  lecture: `A blackhole route for the destination's network: the host discards what it is asked to forward. BGP
daemons and kill switches of VPNs set them.`,
  inject: () => [{ argv: ['ip', 'route', 'add', 'blackhole', '198.51.100.0/24'] }],
});
