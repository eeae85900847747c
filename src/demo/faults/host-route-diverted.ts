import { fault } from '../fault.ts';
import { tunnelFor } from '../tunnel.ts';

export default fault({
  id: 'host-route-diverted',
  title: 'A VPN has taken the route',
  lecture: `A route through a tunnel is more precise than the default route, so the containers' packets go into the
tunnel and not to the uplink.`,
  inject: (net) => tunnelFor(net, '198.51.100.0/24'),
});
